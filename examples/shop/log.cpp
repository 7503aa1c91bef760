#include "log.hpp"

#include <cstdio>
#include <string>

void log(const char* what, const stripe_return::error& failure) {
  std::fprintf(stderr, "%s: error=%s request_id=%s\n", what,
               std::string(to_string(failure.code)).c_str(), failure.request_id.c_str());
}
