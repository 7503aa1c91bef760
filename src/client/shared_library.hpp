// What the system's loader knows. shared_library.cpp is for POSIX; another system needs its own.
#pragma once

namespace stripe_return {
inline namespace v0 {

// A function of the library that `beside` is in, of those that it is linked to, or, where that is
// the program itself, of the whole program. Null: there is none.
void* find_function(void* beside, const char* name) noexcept;

} // namespace v0
} // namespace stripe_return
