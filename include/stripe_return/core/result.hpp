/// @file
/// A value or an error, shaped like C++23's std::expected.
#pragma once

#include <stripe_return/core/error.hpp>

#include <exception>
#include <type_traits>
#include <utility>
#include <variant> // IWYU pragma: export

namespace stripe_return {
inline namespace v0 {

/// Thrown by result::value() alone, when the host asks an error for its value.
class bad_result_access : public std::exception {
public:
  const char* what() const noexcept override {
    return "stripe_return: result::value() was called on an error";
  }
};

/// Either a T or an error. `*r` and `r->` need has_value(), as error() needs its absence.
template <class T> class [[nodiscard]] result {
public:
  using value_type = T;
  using error_type = stripe_return::error;

  template <class U = T, class = std::enable_if_t<std::is_constructible_v<T, U&&> &&
                                                  !std::is_same_v<std::decay_t<U>, result> &&
                                                  !std::is_same_v<std::decay_t<U>, error_type>>>
  result(U&& value) : state_(std::in_place_index<0>, std::forward<U>(value)) {}
  result(error_type failure) : state_(std::in_place_index<1>, std::move(failure)) {}

  bool has_value() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }

  T& operator*() & noexcept { return *std::get_if<0>(&state_); }
  const T& operator*() const& noexcept { return *std::get_if<0>(&state_); }
  T&& operator*() && noexcept { return std::move(*std::get_if<0>(&state_)); }
  T* operator->() noexcept { return std::get_if<0>(&state_); }
  const T* operator->() const noexcept { return std::get_if<0>(&state_); }

  error_type& error() & noexcept { return *std::get_if<1>(&state_); }
  const error_type& error() const& noexcept { return *std::get_if<1>(&state_); }
  error_type&& error() && noexcept { return std::move(*std::get_if<1>(&state_)); }

  /// The value, or bad_result_access: the one throwing call of this library.
  T& value() & { return has_value() ? **this : throw bad_result_access(); }
  const T& value() const& { return has_value() ? **this : throw bad_result_access(); }
  T&& value() && { return has_value() ? *std::move(*this) : throw bad_result_access(); }

private:
  std::variant<T, error_type> state_;
};

} // namespace v0
} // namespace stripe_return
