"""Predict arrival times.

A courier service promises arrival times. Before each trip it says a median (P50), which
plans the fleet, and a 90th percentile (P90), which the customer is promised. Build the
service: it learns from trips, asks a traffic feed that costs money, and raises an alarm
when something is wrong. We run it for DAYS days in each of three simulated cities, a
new service in each.

Say first what you would build and what you would watch; then write it. NumPy and the
standard library only. Arrays that come in are read-only. What runs today, the simple
rule, is a first version to improve on:

    def __init__(self, rng):
        self.rng = rng

    def predict(self, day, hour, rain, free, log, look_up):
        return free.sum(1)[:, None] * np.array(RULE)

    def end_day(self, day):
        return []

The city has roads 0 to 23; DISTRICT says where each is. Trips leave in batches of some
70, one at each of HOURS. Those of a batch leave one district's depot, the same way
round the city, and pass through one to three districts in a row; each depot has two
batches a day, in any order. On a road a trip takes its minutes on the empty road times
what makes it slow then: the level of the road, which works change a little each day;
the rush of its district, with hours and heights of its own, the same every day; rain,
which comes and goes by the hour and slows each district by a factor of its own, of
about two; and jams, which are shared by a district and a little by the city. There are
jams at the first hour too; they last for hours and are gone the next morning. Drivers
differ by a factor for the whole trip, and luck (lights, lanes) by one for each road. So
the roads of a trip are neither independent nor all late together.

The log. Phones report for TRACKED minutes after departure. Each batch comes with a log
of the batch before: trips that took less have arrived; of the others, the slow ones,
only the TRACKED minutes are known, for ever.

The feed. `look_up(roads)` tells for each road how many times longer it takes now than
when it is empty, with an error of about a tenth. At most LOOK_UPS roads may be looked
up for a batch, all calls together; the simple rule answers a batch in which you look
up more. Cars tell the feed: a closed road, on which there are none, reads as empty.

Events. One city is quiet. Each of the others has both of these, in any order, 9 days or
more apart and none before day 12, on days that nobody tells you:

    outage   for 7 days the feed repeats for each road what it said at the last batch
    closure  from then on one road is closed: its trips take a detour, which takes
             seven to eight times as long and counts as that road; its district slows

Alarms. end_day raises "feed" for an outage and "closure" for a closure, whatever the
road, each for the first time on one of the first IN_TIME_DAYS days of its event. The
day on which an event begins counts as its first. An alarm is true on the first
ALARM_DAYS days of its own event, and false on every other day.

Money. A minute later than said costs LATE, a minute earlier EARLY, in euros, for P50
and for P90; on average the true percentiles cost least. The oracle says them: it knows
how slow each road is at the hour and how trips scatter. We measure over the cities
together, from day MEASURED_FROM on, budget and alarms from day 0 on:

    of the way on usual days    at least USUAL: (the rule's cost - yours) / (the rule's
                                - the oracle's), outages and the first RECOVERY days of
                                a closure left out
    P90 holds, worst group      for at least KEPT of the trips in each group: of each
                                district (where most of the time on empty roads is), of
                                each hour, of wet hours, of 1 or 2, 3 to 5, and 6 or
                                more roads
    P90 holds, long trips       for at least KEPT_LONG of those of LONG minutes or more
                                on empty roads, at the hours RUSH
    P90 holds in an outage      for at least KEPT_IN_OUTAGE of its trips
    width                       the sum of P90 - P50 is at most WIDTH times the oracle's
    cost in an outage           at most IN_OUTAGE times the oracle's
    cost of detours             at most RECOVERED times the oracle's, on trips over the
                                closed road, on day RECOVERY of the closure alone
    batches over budget         none
    alarms                      all but LATE_ALARMS in time, of all cities together
    false alarms                on at most FALSE_ALARMS days

All 1,512 batches should take a few seconds with one thread; a run that computes for
45 s is stopped. serving_plan says what the real service would need.
"""

from collections.abc import Callable

import numpy as np

HOURS = (7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18)
DISTRICT = (0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5)
DAYS = 42
TRACKED = 45.0  # minutes
LOOK_UPS = 3  # roads of a batch
RULE = (1.5, 2.4)  # for P50 and P90, as LATE and EARLY
LATE = (0.5, 0.9)  # euros a minute
EARLY = (0.5, 0.1)

MEASURED_FROM = 7  # days
USUAL = 0.93
KEPT = 0.86
LONG = 20.0  # minutes on empty roads
RUSH = (8, 9, 16, 17, 18)
KEPT_LONG = 0.862
KEPT_IN_OUTAGE = 0.845
WIDTH = 1.45
IN_OUTAGE = 1.9
RECOVERY = 3  # the day of a closure, of which the first is 1
RECOVERED = 1.8
IN_TIME_DAYS = {"feed": 2, "closure": 4}
ALARM_DAYS = 7
LATE_ALARMS = 1
FALSE_ALARMS = 8


def serving_plan(
    trips_per_day: float, peak_factor: float, trip_minutes: float
) -> dict[str, float]:
    """Return what the real service needs, where trips are predicted anew on the way.

    Each trip under way is predicted anew every 30 s, from the states of 50 roads; that
    takes 3 ms of a core, and cores may be busy 60 % of the time at the peak. Its phone
    reports every 4 s: 40 bytes, which are kept for 90 days.

    Args:
        trips_per_day: How many start.
        peak_factor: How many times the mean rate of the day the peak has.
        trip_minutes: How long a trip takes on average, at the peak too.

    Returns:
        At the peak "under_way", and "predictions", "road_reads" and "pings" a second;
        "cores", not rounded; "gigabytes" of 1e9 bytes, of all reports that are kept.

    Example:
        >>> serving_plan(864_000, 2.0, 30.0)["under_way"]
        36000.0
    """
    raise NotImplementedError


class EtaService:
    """A service that says when trips arrive, learns from them, and raises alarms.

    On each day from 0 on, predict is called for the batch of each of HOURS, and then
    end_day. The same rng and calls give the same answers.

    Source: Woodard et al. (2017), doi:10.1016/j.trc.2016.10.011.
    """

    def __init__(self, rng: np.random.Generator) -> None:
        """Start a service that knows nothing of its city yet.

        Args:
            rng: For what is drawn at random.
        """
        raise NotImplementedError

    def predict(
        self,
        day: int,
        hour: int,
        rain: bool,
        free: np.ndarray,
        log: dict[str, np.ndarray],
        look_up: Callable[[np.ndarray], np.ndarray],
    ) -> np.ndarray:
        """Return the median and the 90th percentile of each trip's minutes.

        Args:
            day: 0 or more.
            hour: One of HOURS, at which all trips of the batch leave.
            rain: Whether it rains at that hour.
            free: (n, 24) the minutes of each trip on each road when it is empty, 0
                where it does not pass; n may be 0.
            log: The m trips of the batch before: "free" (m, 24); "minutes" (m,), at
                most TRACKED; "arrived" (m,), False for a trip that was still under way
                then. m is 0 at the first batch.
            look_up: `look_up(roads)` with roads (k,) of integers gives (k,) what the
                feed says; a road that is looked up twice counts twice.

        Returns:
            (n, 2) of floats above 0: P50, and P90 which is no less. When all
            minutes of a trip in free are multiplied by the same number above 1,
            neither its P50 nor its P90 falls.
        """
        raise NotImplementedError

    def end_day(self, day: int) -> list[str]:
        """Return the alarms of a day that is over.

        Args:
            day: As in predict.

        Returns:
            Some of "feed" and "closure".
        """
        raise NotImplementedError
