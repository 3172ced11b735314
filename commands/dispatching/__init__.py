"""From a request to a reply: role, arguments, one unit of work, audit."""
