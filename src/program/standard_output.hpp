// The one way in which the program writes to its standard output.
#pragma once

#include <string_view>

namespace program {

// Nobody can rely on what stands on the standard output, or the memory was used up.
inline constexpr int exit_code_without_output = 3;

// Writes it at once. Where that fails, close_output() tells.
void print(std::string_view text);

// Gives this exit code, or 3 where anything that was printed may not have arrived, and says so on
// the standard error. Nothing may be printed after it.
int close_output(int exit_code);

} // namespace program
