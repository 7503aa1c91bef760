/// @file
/// All pages of a list.
#pragma once

#include <stripe_return/client/session_client.hpp>
#include <stripe_return/core/result.hpp>

#include <string>
#include <utility>

namespace stripe_return {
inline namespace v0 {

/// Walks through a list, page by page, and calls `visit(item)` with each item until that gives
/// false.
///
///     for_each_item(
///         options, [&](const list_options& page) { return client.sessions_since(page); },
///         [&](const checkout_session& session) { return true; });
///
/// `options` says where to begin. Errors: those of `ask_for_page`, after the items of the pages
/// before.
template <class Options, class AskForPage, class Visit>
result<void> for_each_item(Options options, AskForPage ask_for_page, Visit visit) {
  while (true) {
    const auto page = ask_for_page(std::as_const(options));
    if (!page) return page.error();
    std::string last;
    for (const auto& item : page->data) {
      // Of an event that cannot be read the id may be missing as well.
      if (!item.id.empty()) last = item.id;
      if (!visit(item)) return {};
    }
    if (!page->has_more || last.empty()) return {};
    options.starting_after = std::move(last);
  }
}

} // namespace v0
} // namespace stripe_return
