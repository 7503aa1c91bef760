#include <stripe_return/core/secret.hpp>

#include <cstddef>
#include <utility>

namespace stripe_return {
inline namespace v0 {

secret::secret(std::string text) noexcept : text_(std::move(text)) {}

// A short string is copied when it is moved, and stays behind in the source.
secret::secret(secret&& other) noexcept : text_(std::move(other.text_)) {
  other.wipe();
}

secret& secret::operator=(const secret& other) {
  if (this != &other) *this = secret(other);
  return *this;
}

secret& secret::operator=(secret&& other) noexcept {
  if (this != &other) {
    wipe();
    text_ = std::move(other.text_);
    other.wipe();
  }
  return *this;
}

secret::~secret() {
  wipe();
}

void secret::wipe() noexcept {
  // The whole capacity, and volatile: a compiler may drop a plain overwrite of memory about to go.
  text_.resize(text_.capacity());
  volatile char* bytes = text_.data();
  for (std::size_t i = 0; i != text_.size(); ++i)
    bytes[i] = 0;
  text_.clear();
}

} // namespace v0
} // namespace stripe_return
