"""What shows that an agreement was signed: a link to the signed copy, or who signed it for the client."""

from storage.records.agreement import Agreement, Side
from storage.records.signature import Signature, SignatureManner

MANNER_WORDS = {
    SignatureManner.WET_INK: "in wet ink",
    SignatureManner.E_SIGNATURE: "by e-signature",
    SignatureManner.CLICK_THROUGH: "by click-through",
}
SIDES = {Side.MSP: "us", Side.CLIENT: "the client"}
UNPROVEN = "recorded as signed, but no copy, link or signer is recorded"


def is_unproven(agreement: Agreement) -> bool:
    """True if both signatures are recorded and nothing shows them."""
    return agreement.is_signed and not (agreement.document_url or agreement.client_signer)


def signature_words(signature: Signature) -> str:
    """Lee Marsh, COO, for the client on 2026-01-01, by e-signature (DocuSign, envelope 4711), SHA-256 9f86d081..."""
    who = ", ".join(filter(None, (signature.signer, signature.title)))
    how = f", {MANNER_WORDS[signature.manner]}" if signature.manner else ", in what manner is not recorded"
    through = [each for each in (signature.provider, signature.envelope and f"envelope {signature.envelope}") if each]
    proof = f" ({', '.join(through)})" if through else ""
    digest = f"; document SHA-256 {signature.document_hash[:12]}…" if signature.document_hash else ""
    return f"{who}, for {SIDES[signature.side]} on {signature.signed_on}{how}{proof}{digest}"
