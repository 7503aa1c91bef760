#include <stripe_return/core/secret.hpp>

#include <utility>

namespace stripe_return {
inline namespace v0 {

secret::secret(std::string text) noexcept : text_(std::move(text)) {}

secret::secret(const char* text) : secret(std::string(text == nullptr ? "" : text)) {}

// A short string is copied when it is moved, and stays behind in the source.
secret::secret(secret&& other) noexcept {
  if (other.empty()) return;
  text_ = std::move(other.text_);
  other.wipe();
}

secret& secret::operator=(const secret& other) {
  if (this != &other) *this = secret(other);
  return *this;
}

secret& secret::operator=(secret&& other) noexcept {
  if (this == &other) return *this;
  if (!empty()) wipe();
  if (other.empty()) return *this;
  text_ = std::move(other.text_);
  other.wipe();
  return *this;
}

// What is empty never held anything, or was wiped before: most secrets of a session.
secret::~secret() {
  if (!empty()) wipe();
}

void secret::wipe() noexcept {
  text_.assign(text_.capacity(), '\0');
  // A compiler may drop an overwrite of memory that goes next: it has to believe that it is read.
#if defined(__GNUC__) || defined(__clang__)
  __asm__ __volatile__("" : : "r"(text_.data()) : "memory");
#else
  static_cast<void>(*static_cast<volatile char*>(text_.data()));
#endif
  text_.clear();
}

} // namespace v0
} // namespace stripe_return
