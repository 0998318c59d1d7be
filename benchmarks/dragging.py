"""A mouse that drags a slider at an even pace, and what follows from the times that the page noted meanwhile."""

import statistics
import time

MOVES, SECONDS = 120, 2.0  # 60 inputs a second


def move_through(mouse, places, y):
    """Move the mouse through these places, evenly spread over SECONDS."""
    began = time.perf_counter()
    for k, place in enumerate(places, start=1):
        mouse.move(place, y)
        time.sleep(max(0, began + k * SECONDS / len(places) - time.perf_counter()))


def figures_of(noted: dict) -> dict:
    """Median and 95th percentile of the latency, pictures a second, time to settle after the release."""
    first = {}
    for picture in noted["pictures"]:
        first.setdefault(picture["value"], picture["time"])
    events = {}
    for event in noted["events"]:
        events.setdefault(event["value"], event["time"])  # the first event that asked for this value
    latencies = sorted(first[value] - events[value] for value in first if value in events)
    seconds = (noted["released"] - noted["events"][0]["time"]) / 1000
    during = [picture for picture in noted["pictures"] if picture["time"] <= noted["released"]]
    last = first.get(noted["events"][-1]["value"], noted["released"])
    return {
        "median": statistics.median(latencies),
        "p95": latencies[min(len(latencies) - 1, round(0.95 * (len(latencies) - 1)))],
        "rate": len(during) / seconds,
        "settled": max(0.0, last - noted["released"]),
    }
