#include "shopkeeper.hpp"

#include "random_id.hpp"

shopkeeper::shopkeeper() : token_(random_id(16)) {}

std::optional<std::string> shopkeeper::sign_in(std::string_view token) {
  if (!equal_in_constant_time(token, token_)) return std::nullopt;
  const std::lock_guard<std::mutex> lock(mutex_);
  std::string session = random_id(16);
  csrf_.emplace(session, random_id(16));
  return session;
}

std::optional<std::string> shopkeeper::csrf_of(std::string_view session) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto known = csrf_.find(std::string(session));
  if (known == csrf_.end()) return std::nullopt;
  return known->second;
}
