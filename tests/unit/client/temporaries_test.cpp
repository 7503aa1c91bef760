// What would refer to a temporary after it is gone does not compile, or gives a copy.
#include <stripe_return/client/async_return_handler.hpp>
#include <stripe_return/client/return_handler.hpp>

#include <gtest/gtest.h>

#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace {

namespace sr = stripe_return;

static_assert(std::is_constructible_v<sr::return_handler, sr::session_client&>);
static_assert(std::is_constructible_v<sr::return_handler, const sr::session_client&>);
static_assert(!std::is_constructible_v<sr::return_handler, sr::session_client>);
static_assert(!std::is_constructible_v<sr::return_handler, const sr::session_client>);
static_assert(
    !std::is_constructible_v<sr::return_handler, sr::session_client, sr::return_handler_options>);

static_assert(std::is_constructible_v<sr::async_return_handler, sr::async_session_client&>);
static_assert(!std::is_constructible_v<sr::async_return_handler, sr::async_session_client>);

static_assert(
    std::is_constructible_v<sr::async_session_client, sr::client_options, sr::event_loop&>);
static_assert(
    !std::is_constructible_v<sr::async_session_client, sr::client_options, sr::event_loop>);

template <class T, class = void> constexpr bool can_get = false;
template <class T>
constexpr bool can_get<T, std::void_t<decltype(std::declval<T>().get(std::string_view()))>> = true;
static_assert(can_get<sr::metadata&> && can_get<const sr::metadata&>);
static_assert(!can_get<sr::metadata> && !can_get<const sr::metadata>);

template <class T, class = void> constexpr bool can_reveal = false;
template <class T>
constexpr bool can_reveal<T, std::void_t<decltype(std::declval<T>().reveal())>> = true;
static_assert(can_reveal<sr::secret&> && can_reveal<const sr::secret&>);
static_assert(!can_reveal<sr::secret> && !can_reveal<const sr::secret>);

using mode = sr::open_enum<sr::session_mode>;
static_assert(std::is_same_v<decltype(std::declval<sr::money>().currency()), std::string>);
static_assert(std::is_same_v<decltype(std::declval<sr::session_id>().str()), std::string>);
static_assert(std::is_same_v<decltype(std::declval<mode>().raw()), std::string>);
static_assert(std::is_same_v<decltype(std::declval<sr::metadata>().entries()),
                             std::vector<sr::metadata::entry>>);

TEST(Temporaries, GiveTheirTextAway) {
  const auto& currency = sr::money(400, "CNY").currency();
  const auto& id = sr::session_id::parse("cs_test_a1").value().str();
  const auto& raw = mode("a word that is too long to stand in the object itself").raw();
  EXPECT_EQ(currency, "cny");
  EXPECT_EQ(id, "cs_test_a1");
  EXPECT_EQ(raw, "a word that is too long to stand in the object itself");
}

} // namespace
