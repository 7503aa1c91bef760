// Bytes of any kind as text that PostgreSQL keeps: it takes UTF-8 alone, and no NUL.
#pragma once

#include <string>
#include <string_view>

namespace stripe_return {
inline namespace v0 {
namespace postgres {

// What is UTF-8 stays as it is, so that it reads well and sorts by its bytes. A byte that cannot be
// kept becomes U+0001 and two hexadecimal digits, as does U+0001 itself.
std::string stored_text(std::string_view bytes);
std::string bytes_of(std::string_view stored);

} // namespace postgres
} // namespace v0
} // namespace stripe_return
