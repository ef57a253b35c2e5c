"""The staff's console: the queue of enquiries, talks with citizens, the counter, the office's calendar."""

from bot.consoles.staff import calendar, canned, counter, enquiry, lookup, queue

routes = [
    *queue.routes,
    *enquiry.routes,
    *lookup.routes,
    *counter.routes,
    *canned.routes,
    *calendar.routes,
]
