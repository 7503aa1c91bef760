// What nobody can guess.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

// So many random bytes in hexadecimal. Throws std::runtime_error where the system has none.
std::string random_id(std::size_t bytes);

// Takes as long wherever two texts of one length differ.
bool equal_in_constant_time(std::string_view a, std::string_view b);
