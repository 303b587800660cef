"""How often a page of the portal may be asked for."""

from paidup.ui.limits import Limit

# Whole offices share an address; a link is opened by a few people and their mail scanners.
VIEWS_OF_ADDRESS = Limit("views-address", 120, 60)
VIEWS_OF_LINK = Limit("views-link", 60, 60)
# Who tries out stolen cards needs many attempts.
PAYMENTS_OF_ADDRESS = Limit("payments-address", 30, 3600)
PAYMENTS_OF_LINK = Limit("payments-link", 12, 3600)
# Passwords are tried for one person from many addresses, and for many persons from one.
SIGN_INS_OF_ADDRESS = Limit("sign-ins-address", 60, 900)
SIGN_INS_OF_PERSON = Limit("sign-ins-person", 8, 900)
# Each may be a mail in somebody's inbox.
REQUESTS_OF_ADDRESS = Limit("requests-address", 30, 900)
REQUESTS_OF_PERSON = Limit("requests-person", 4, 900)
# Each is up to ten files that somebody has to look at.
UPLOADS_OF_PERSON = Limit("uploads-person", 30, 3600)
