"""One outside party's session (module, page or dashboard): messages in, messages out."""
