"""What shows that an agreement was signed: a link to the signed copy, or who signed it for the client."""

from storage.records.agreement import Agreement

UNPROVEN = "recorded as signed, but no copy, link or signer is recorded"


def is_unproven(agreement: Agreement) -> bool:
    """True if both signatures are recorded and nothing shows them."""
    return agreement.is_signed and not (agreement.document_url or agreement.client_signer)
