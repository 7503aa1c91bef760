// Lets one operation of this process fail, the one of a number: an operator new, or a call of the
// kernel about a socket; or all operators new from the one of that number on.
#pragma once

namespace failing {

enum class what : unsigned char { memory, all_memory, socket, connect, send, receive };

// The operation of that number, counted from now on from 0, fails. For the socket's ones with
// `error`.
void arm(what kind, long number, int error = 0);
// Whether it came to that. Nothing fails any more.
bool disarm();

} // namespace failing
