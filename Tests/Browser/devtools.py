"""Chromium driven by the DevTools protocol over a pipe: nothing but Python's own library."""

import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time


class BrowserError(Exception):
    """The browser or the page did not do what was asked."""


class Browser:
    """A headless Chromium with a fresh profile; one page after the other."""

    def __init__(self):
        program = shutil.which("chromium") or shutil.which("chromium-browser")
        if not program:
            raise BrowserError("chromium is not installed")
        self.folder = tempfile.mkdtemp(prefix="postern-browser-")
        to_browser, self.writer = os.pipe()
        self.reader, from_browser = os.pipe()

        def wire():
            os.dup2(to_browser, 3)
            os.dup2(from_browser, 4)

        # dup2 clears close-on-exec; the originals may themselves be 3 or 4, so move them first.
        to_browser = os.dup(to_browser) if to_browser in (3, 4) else to_browser
        from_browser = os.dup(from_browser) if from_browser in (3, 4) else from_browser
        self.process = subprocess.Popen(
            [program, "--headless=new", "--remote-debugging-pipe", "--no-first-run",
             "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
             "--force-color-profile=srgb", "--lang=en-US",
             f"--user-data-dir={self.folder}", "about:blank"],
            preexec_fn=wire, close_fds=False, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_browser)
        os.close(from_browser)
        self.buffer = b""
        self.number = 0
        self.events = []

    def call(self, method, session=None, timeout=60, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        os.write(self.writer, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + timeout
        while True:
            answer = self._next(deadline - time.monotonic())
            if answer is None:
                raise BrowserError(f"{method}: no answer within {timeout} s")
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise BrowserError(f"{method}: {answer['error']['message']}")
                return answer["result"]
            self.events.append(answer)

    def _next(self, timeout):
        while b"\0" not in self.buffer:
            ready, _, _ = select.select([self.reader], [], [], max(timeout, 0))
            if not ready:
                return None
            piece = os.read(self.reader, 1 << 20)
            if not piece:
                raise BrowserError("the browser ended")
            self.buffer += piece
        line, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(line)

    def pump(self, seconds):
        """Takes in events for a while."""
        deadline = time.monotonic() + seconds
        while (event := self._next(deadline - time.monotonic())) is not None:
            self.events.append(event)

    def close(self):
        try:
            self.call("Browser.close", timeout=5)
        except (BrowserError, OSError):
            self.process.kill()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


class Page:
    """A tab that notes every request, console message and exception."""

    def __init__(self, browser, width=1280, height=900, dark=False, script=True, scale=1):
        self.browser = browser
        target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        self.target = target
        self.session = browser.call(
            "Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Runtime", "Log", "DOM"):
            self.call(f"{domain}.enable")
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=scale, mobile=width < 600)
        self.call("Emulation.setEmulatedMedia", media="", features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])
        if not script:
            self.call("Emulation.setScriptExecutionDisabled", value=True)

    def call(self, method, **parameters):
        return self.browser.call(method, session=self.session, **parameters)

    def open(self, path):
        """Opens a file and returns the seconds until its load event."""
        self.browser.events.clear()
        start = time.monotonic()
        self.call("Page.navigate", url="file://" + os.path.abspath(path))
        while not self.events("Page.loadEventFired"):
            if time.monotonic() - start > 60:
                raise BrowserError("the page did not load")
            self.browser.pump(0.01)
        return time.monotonic() - start

    def events(self, method):
        return [event["params"] for event in self.browser.events
                if event.get("method") == method and event.get("sessionId") == self.session]

    def requests(self):
        """Addresses of everything that was asked for, the page itself included."""
        return [event["request"]["url"] for event in self.events("Network.requestWillBeSent")]

    def complaints(self):
        """Console messages, log entries (policy violations among them) and exceptions."""
        texts = [entry["entry"]["text"] for entry in self.events("Log.entryAdded")]
        texts += [str(event["args"]) for event in self.events("Runtime.consoleAPICalled")]
        texts += [event["exceptionDetails"]["text"]
                  for event in self.events("Runtime.exceptionThrown")]
        return texts

    def value(self, expression):
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True,
                           awaitPromise=True)
        if "exceptionDetails" in answer:
            raise BrowserError(f"{expression}: {answer['exceptionDetails']['text']}")
        return answer["result"].get("value")

    def key(self, key, code=None, text=None):
        parameters = {"key": key, "code": code or key}
        codes = {"Tab": 9, "Enter": 13, "ArrowRight": 39, "ArrowLeft": 37, "Home": 36, "End": 35}
        if key in codes:
            parameters["windowsVirtualKeyCode"] = codes[key]
        if key == "Enter":
            text = "\r"
        if text:
            parameters["text"] = text
        self.call("Input.dispatchKeyEvent", type="keyDown", **parameters)
        self.call("Input.dispatchKeyEvent", type="keyUp", key=key, code=code or key)

    def screenshot(self, path, full=False, clip=None):
        parameters = {"format": "png", "captureBeyondViewport": full or clip is not None}
        if full:
            size = self.call("Page.getLayoutMetrics")["cssContentSize"]
            clip = {"x": 0, "y": 0, "width": size["width"], "height": size["height"]}
        if clip:
            parameters["clip"] = {"scale": 1, **clip}
        data = self.call("Page.captureScreenshot", **parameters)["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))

    def pdf(self):
        data = self.call("Page.printToPDF", printBackground=True, preferCSSPageSize=True)["data"]
        return base64.b64decode(data)

    def close(self):
        self.browser.call("Target.closeTarget", targetId=self.target)
