"""A fake AWS on loopback, with planted IAM defects and the truth about them.

moto must be told before its first import which data to load, so it is done here,
where every other module of the package passes first.
"""

import os

os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"
os.environ["MOTO_EC2_LOAD_DEFAULT_AMIS"] = "false"
os.environ.pop("MOTO_ACCOUNT_ID", None)
