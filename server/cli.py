"""The command line: `run.py COMMAND`. A command's file is imported when it is called, so that --help stays quick."""

import errno
import importlib
from typing import IO, Any

import click

from server.errors import SettingsError
from server.ops.terminal import speak_plainly
from streaming.errors import ContestError, DiemCauError, LedgerMismatch, one_line

EXIT_FAILED = 1
EXIT_SETTINGS = 78

DISK_ERRNOS = frozenset(
    {
        errno.EACCES, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EISDIR, errno.ENOSPC, errno.ENOTDIR, errno.EPERM,
        errno.EROFS,
    }
)  # fmt: skip
"""What a disk, or whoever owns the files, answers to any command; anything else is a fault of ours."""
EXPECTED_OF_DISK = "expected files that this user may read and write, on a disk with room"

COMMANDS = {
    "demo": ("server.commands.demo", "Serve the shipped contest with made-up traffic and print every link."),
    "serve": ("server.commands.serve", "Serve for real."),
    "source": ("server.commands.source", "Add, list, rotate and revoke the sources of participations."),
    "key": ("server.commands.key", "Add, list and revoke the keys of screens on other origins."),
    "point": ("server.commands.point", "The links and codes of connection points: sheet, list, rotate, revoke."),
    "account": ("server.commands.account", "Add, reset, list and revoke the accounts of people."),
    "rehearse": ("server.commands.rehearse", "Send made-up participations with a test secret."),
    "test": ("server.commands.suite", "Run every test."),
    "declarations": ("server.commands.declarations", "Write what the scripts' types are checked against."),
    "bench": ("server.commands.bench", "Measure this machine."),
    "check": ("server.commands.check", "Look at everything that would spoil a ceremony."),
    "backup": ("server.commands.backup", "Write the whole data folder into one file, while a server runs."),
    "restore": ("server.commands.restore", "Make a data folder from a backup."),
    "lost": ("server.commands.lost", "Go on without a file of the data folder that is lost for good."),
    "audit": ("server.commands.audit", "Count the ledger again and compare."),
}
"""Each command's module, which has an object of the command's name, and what the list of commands says of it."""


class Commands(click.Group):
    """The group: it finds commands by COMMANDS and turns our errors into one line and an exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(COMMANDS[cmd_name][0])
        command: click.Command = getattr(module, cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])

    def main(self, *arguments: Any, **named: Any) -> Any:
        speak_plainly()
        return super().main(*arguments, **named)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except DiemCauError as error:
            raise CommandError(error) from None
        except OSError as error:
            if error.errno not in DISK_ERRNOS:
                raise
            where = error.filename if error.filename is not None else "the disk"
            raise CommandError(DiemCauError(f"{where}: {error.strerror}, {EXPECTED_OF_DISK}")) from None


class CommandError(click.ClickException):
    """One of our errors on its way out: one line on standard error, and an exit code."""

    def __init__(self, error: DiemCauError) -> None:
        super().__init__(one_line(str(error)))
        self.exit_code = exit_code_of(error)  # type: ignore[misc] # click reads it so

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(f"run.py: {self.message}", file=file, err=file is None)


def exit_code_of(error: DiemCauError) -> int:
    """78 for what the operator has set wrong: settings, the contest folder, the data folder's contest; else 1."""
    return EXIT_SETTINGS if isinstance(error, SettingsError | ContestError | LedgerMismatch) else EXIT_FAILED


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Điểm Cầu: live numbers of an online launch ceremony."""


if __name__ == "__main__":
    cli(prog_name="run.py")
