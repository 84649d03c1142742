"""XML from strangers: no entities, no network, no unbounded depth."""

from __future__ import annotations

from lxml import etree

from parsers.exceptions import Damaged, TooLarge


def parse(data: bytes, name: str) -> etree._Element:
    """The root of an XML document; `name` says in errors what was read. Raises `Damaged` and `TooLarge`."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False,
                             remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        if "xcessive depth" in str(error) or "huge" in str(error).lower():
            raise TooLarge(f"{name} is nested or long beyond all measure; the file is not an honest document") from error
        raise Damaged(f"{name} is not well-formed XML ({error}); ask for the file again or save it anew") from error
    dtd = root.getroottree().docinfo.internalDTD
    if dtd is not None and list(dtd.iterentities()):     # type: ignore[union-attr]  # the stubs lack it
        raise Damaged(f"{name} declares entities, which office files never do; the file is not to be trusted")
    return root


def local(tag: object) -> str:
    """The name of a tag or attribute without its namespace; "" for what is no element (comments, instructions)."""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
