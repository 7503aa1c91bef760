/// @file
/// result: a value or an error, similar to C++23's std::expected.
///
/// ```cpp
/// stripe_return::result<stripe_return::session_id> id = stripe_return::parse_return_query(query);
/// if (!id) {
///   log << to_string(id.error().code) << ": " << id.error().message << '\n';
///   return 400;
/// }
/// fetch_and_show(*id);
/// ```
#pragma once

#include <stripe_return/core/error.hpp>
#include <stripe_return/export.hpp>

#include <exception>
#include <type_traits>
#include <utility>
#include <variant> // IWYU pragma: export

namespace stripe_return {
inline namespace v0 {

/// The exception that result::value() throws if the result holds an error. Nothing else throws it.
class STRIPE_RETURN_EXPORT bad_result_access : public std::exception {
public:
  const char* what() const noexcept override;
};

/// Throws bad_result_access. It is a function of its own so that programs without exceptions
/// compile.
[[noreturn]] STRIPE_RETURN_EXPORT void throw_bad_result_access();

/// Holds either a T or an error. `*r` and `r->` require has_value(); error() requires !has_value().
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

  /// Returns the value, or throws bad_result_access if there is an error.
  T& value() & { return check(), **this; }
  const T& value() const& { return check(), **this; }
  T&& value() && { return check(), *std::move(*this); }

private:
  void check() const {
    if (!has_value()) throw_bad_result_access();
  }

  std::variant<T, error_type> state_;
};

/// Holds either success, without a value, or an error. error() requires !has_value().
template <> class [[nodiscard]] result<void> {
public:
  using value_type = void;
  using error_type = stripe_return::error;

  result() = default;
  result(error_type failure) : failed_(true), failure_(std::move(failure)) {}

  bool has_value() const noexcept { return !failed_; }
  explicit operator bool() const noexcept { return has_value(); }

  error_type& error() & noexcept { return failure_; }
  const error_type& error() const& noexcept { return failure_; }
  error_type&& error() && noexcept { return std::move(failure_); }

  /// Returns on success, or throws bad_result_access if there is an error.
  void value() const {
    if (failed_) throw_bad_result_access();
  }

private:
  // Not a std::optional: instantiating one takes longer than compiling the rest of this header.
  bool failed_ = false;
  error_type failure_{};
};

} // namespace v0
} // namespace stripe_return
