"""The operations that the lab answers itself (or watches) instead of leaving them to moto."""

HANDLERS = {}


def operation(service, *names):
    """Register a handler `(call, lab) -> Reply | None`; None means that moto shall answer."""

    def register(function):
        for name in names:
            HANDLERS[(service, name)] = function
        return function

    return register


def handler_of(call):
    """The handler of one operation, or the one of its whole service, if there is any."""
    return HANDLERS.get((call.service, call.operation)) or HANDLERS.get((call.service, "*"))
