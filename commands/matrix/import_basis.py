"""On which basis the rows of a file count: as signed, or proposed."""

from commands.arguments import Arguments
from commands.matrix.writer import stated_basis
from commands.rules.matrix_layout import MatrixRow
from storage.records import RowBasis


def file_basis(args: Arguments) -> RowBasis | None:
    """What was said about the whole file."""
    return stated_basis(args.as_signed, args.proposed)


def row_basis(args: Arguments, row: MatrixRow) -> RowBasis | None:
    """What was said about the whole file, or else what the file says about the row."""
    return file_basis(args) or (row.basis if args.agreement.is_signed else None)


def basis_of(args: Arguments, row: MatrixRow) -> RowBasis | None:
    """Under signed paper, what is attested by nobody is proposed: not by its clause, nor for the row or the file."""
    if not args.agreement.is_signed:
        return None
    return row_basis(args, row) or (RowBasis.AS_SIGNED if row.clause else RowBasis.PROPOSED)
