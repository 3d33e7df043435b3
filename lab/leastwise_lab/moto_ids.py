"""Unique ids with the prefixes of AWS, and names of service-linked roles, which moto lacks."""

import random
import string

from moto.iam import models
from moto.moto_api._internal import mock_random

ALPHABET = string.ascii_uppercase + "234567"
models.SERVICE_NAME_CONVERSION.update({"ecs": "ECS", "organizations": "Organizations", "sso": "SSO"})
PREFIXES = {models.User: "AIDA", models.Group: "AGPA", models.Policy: "ANPA"}


def with_prefix(kind, prefix):
    """Has each new object of a class of moto's begin with the prefix, 21 characters in all."""
    moto_init = kind.__init__

    def init(self, *arguments, **options):
        moto_init(self, *arguments, **options)
        # AWS's own policies have the same id in every account.
        dice = random.Random(self.name) if isinstance(self, models.AWSManagedPolicy) else mock_random
        self.id = prefix + "".join(dice.choices(ALPHABET, k=17))

    kind.__init__ = init


for known, letters in PREFIXES.items():
    with_prefix(known, letters)
