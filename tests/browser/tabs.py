"""Tabs that tests use one after the other: each keeps its process and what it has fetched of what never changes.

A page in a new one reads and compiles sixty files: three times what one in a tab that has them takes. Nothing else that
a test left is there for the next; a tab in which it has changed how pages work is closed.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, NamedTuple

from playwright.sync_api import Browser, Error, Page

OF_A_PAGE = ("add_init_script", "add_locator_handler", "expose_binding", "expose_function", "on", "once", "route")
OF_A_CONTEXT = (
    "add_init_script", "expose_binding", "expose_function", "grant_permissions", "new_cdp_session", "on", "once",
    "route", "set_extra_http_headers", "set_geolocation", "set_offline",
)  # fmt: skip
OF_A_CLOCK = ("install", "pause_at", "set_fixed_time", "set_system_time")
"""What changes a tab for good."""
FORGET = "() => { for (const kept of [window.localStorage, window.sessionStorage]) kept.clear(); }"
NO_MONITOR = "try { window.localStorage.setItem('diemcau.monitor-closed', '1'); } catch { /* of no origin */ }"
OUTSIDE = (-10, -10)
"""Where the pointer is before it was moved, px."""


class Kind(NamedTuple):
    """What the pages of a tab are told for good."""

    scripts: bool
    still: bool
    monitor: bool


class Tab:
    """A tab, alone in a context of its own."""

    def __init__(self, browser: Browser, kind: Kind) -> None:
        self.kind = kind
        context = browser.new_context(
            java_script_enabled=kind.scripts, reduced_motion="reduce" if kind.still else "no-preference"
        )
        if not kind.monitor:
            context.add_init_script(NO_MONITOR)
        self.page: Page = context.new_page()
        self._is_changed = False
        for thing, names in (
            (self.page, OF_A_PAGE), (context, OF_A_CONTEXT), (self.page.clock, OF_A_CLOCK),
        ):  # fmt: skip
            for name in names:
                setattr(thing, name, self._noted(getattr(thing, name)))

    def _noted(self, change: Callable[..., Any]) -> Callable[..., Any]:
        def changed(*given: Any, **named: Any) -> Any:
            self._is_changed = True
            return change(*given, **named)

        return changed

    def watch(self, heard: dict[str, Callable[[Any], None]]) -> None:
        """Hear of these events until the tab is left."""
        self._heard = heard
        for name, hear in heard.items():
            Page.on(self.page, name, hear)  # type: ignore[call-overload] # of each name there is

    def unwatch(self) -> None:
        """Hear of nothing any more."""
        for name, hear in self._heard.items():
            self.page.remove_listener(name, hear)
        self._heard = {}

    def leave(self) -> bool:
        """Forget what a test left; false, and closed, where the tab cannot be used again."""
        page = self.page
        try:
            is_usable = not self._is_changed and not page.is_closed() and page.context.pages == [page]
            if is_usable:
                self.unwatch()
                page.evaluate(FORGET)
                page.goto("about:blank")
                page.mouse.move(*OUTSIDE)
                page.context.clear_cookies()
                return True
        except Error:  # Of a page that did not load there is nothing to be asked.
            pass
        page.context.close()
        return False


class Tabs:
    """The tabs of a browser that no test has now."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._left: dict[Kind, list[Tab]] = defaultdict(list)

    def tab(self, *, scripts: bool, still: bool, monitor: bool = False) -> Tab:
        """A tab that runs scripts or none, where things move or, as whoever sits before it wants it, stand still.

        Control rooms have their ``monitor`` or none: it holds a whole wall, which most tests look at beside it.
        """
        kind = Kind(scripts, still, monitor)
        left = self._left[kind]
        return left.pop() if left else Tab(self._browser, kind)

    def leave(self, tab: Tab) -> None:
        """Give a tab back."""
        if tab.leave():
            self._left[tab.kind].append(tab)
