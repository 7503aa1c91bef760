// Who may see the orders.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

// Whoever knows the token, which is made anew at each start, is given a session of their own. May
// be shared between threads.
class shopkeeper {
public:
  shopkeeper();

  const std::string& token() const noexcept { return token_; }

  // The id of a new session, for a cookie. Nothing: it is not the token.
  std::optional<std::string> sign_in(std::string_view token);

  // What each form of that session holds, so that no other site can send one. Nothing: there is no
  // such session.
  std::optional<std::string> csrf_of(std::string_view session) const;

private:
  const std::string token_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, std::string> csrf_; // by session
};
