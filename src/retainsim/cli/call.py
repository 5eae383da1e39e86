"""A call with one customer, played by whoever sits at the keyboard."""

from __future__ import annotations

import click

from retainsim.cli.door import INTERRUPTED, debug


@click.command()
@click.option(
    "--seed",
    type=click.IntRange(0, 2**63 - 1),
    default=1,
    show_default=True,
    help="Another seed, another customer.",
)
@debug
def call(seed: int) -> None:
    """
    Talk to one customer who threatens to leave.

    You have twelve moves at most, from a numbered menu. Before the end you say what you believe the reason was;
    then you hear the truth, and what some policies would have achieved with the same customer.
    """
    from retainsim.training.call import play  # noqa: PLC0415 # numba

    try:
        play(_Terminal(), seed=seed)
    except click.Abort:
        click.echo("\nThe call was broken off before its end.", err=True)
        click.get_current_context().exit(INTERRUPTED)


class _Terminal:
    """The player of a call who sits at a keyboard."""

    def say(self, text: str) -> None:
        click.echo(text)

    def choose(self, question: str, options: tuple[str, ...]) -> int:
        rows = (len(options) + 1) // 2
        entries = [f"{number:2}  {option}" for number, option in enumerate(options, start=1)]
        width = max(map(len, entries)) + 3
        for left in range(rows):
            right = entries[left + rows] if left + rows < len(entries) else ""
            click.echo(f"  {entries[left]:{width}}{right}".rstrip())
        return self.number(question, 1, len(options), None) - 1

    def number(self, question: str, low: int, high: int, usual: int | None) -> int:
        answer: int = click.prompt(question, type=click.IntRange(low, high), default=usual)
        return answer
