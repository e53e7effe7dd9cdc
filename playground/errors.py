"""The one exception whose text is meant for the person, not for a log."""


class PlaygroundError(Exception):
    """One clear sentence that says what is wrong and what to do.

    Pages show it in a box, the command line prints it and exits with 2, the
    Python interface raises it. It is not a `ValueError`, so that pydantic lets
    it through unchanged when a validator raises it.
    """
