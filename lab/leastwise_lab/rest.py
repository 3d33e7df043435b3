"""Names of the operations of REST services, which say what they want by method, path and query alone."""

import re
from urllib.parse import parse_qsl

# Service and operation by method, path and a word in the query; where several fit, the first one counts.
ROUTES = {
    "s3": [
        ("GET", r"/v20180820/configuration/publicAccessBlock", None, ("s3control", "GetPublicAccessBlock")),
        ("PUT", r"/v20180820/configuration/publicAccessBlock", None, ("s3control", "PutPublicAccessBlock")),
        ("GET", r"/", None, ("s3", "ListBuckets")),
        ("GET", r"/(?P<Bucket>[^/]+)/?", "policy", ("s3", "GetBucketPolicy")),
        ("GET", r"/(?P<Bucket>[^/]+)/?", "publicAccessBlock", ("s3", "GetPublicAccessBlock")),
        ("GET", r"/(?P<Bucket>[^/]+)/?", "list-type", ("s3", "ListObjectsV2")),
        ("GET", r"/(?P<Bucket>[^/]+)/(?P<Key>.+)", None, ("s3", "GetObject")),
        ("HEAD", r"/(?P<Bucket>[^/]+)/?", None, ("s3", "HeadBucket")),
    ],
    "lambda": [
        ("GET", r"/2015-03-31/functions/?", None, ("lambda", "ListFunctions")),
        ("GET", r"/2015-03-31/functions/(?P<FunctionName>[^/]+)/policy", None, ("lambda", "GetPolicy")),
    ],
}


def read_route(service, environ):
    """(service, operation, parameters) of a request; None for services that are not in the table."""
    if service not in ROUTES:
        return None
    method, path = environ["REQUEST_METHOD"], environ.get("PATH_INFO", "/")
    query = dict(parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True))
    for wanted, pattern, word, (named, operation) in ROUTES[service]:
        match = re.fullmatch(pattern, path)
        if method == wanted and match and (word is None or word in query):
            return named, operation, query | match.groupdict()
    return service, f"{method.capitalize()}Other", query
