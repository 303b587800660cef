"""The ledger: accounts and transfers, and the balances that follow from them."""
