// What stands in an address.
#pragma once

#include <string>
#include <string_view>

// For the value of a query parameter.
std::string percent_encoded(std::string_view text);
