// The words after the program's name.
#pragma once

namespace program {

// Runs what the command line asks for and gives the process's exit code: 0 with an outcome on the
// standard output, 1 with an error object there, 2 with nothing there and what is wrong with the
// command line on the standard error. Only close_output() knows whether the output arrived.
int run(int argc, const char* const* argv);

} // namespace program
