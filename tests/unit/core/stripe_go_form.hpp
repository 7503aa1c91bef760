// What stripe-go makes of a session when a Go server marshals its struct again.
#pragma once

#include <set>
#include <string>

struct stripe_go_sdk {
  const char* version;
  // Since v85 what is empty and optional is left out; before, it is written as null, "" or 0.
  bool omits_empty;
  // Fields of the session that this SDK's struct does not have: they are lost.
  std::set<std::string> without;
};

// `raw` is a session as the API sends it, its line items not expanded.
std::string stripe_go_form(const std::string& raw, const stripe_go_sdk& sdk);
