/// @file
/// for_each_item(): iterates over all pages of a list.
#pragma once

#include <stripe_return/core/result.hpp>

#include <string>
#include <utility>

namespace stripe_return {
inline namespace v0 {

/// Fetches a list page by page and calls `visit(item)` for each item, until `visit` returns false.
///
///     for_each_item(
///         options, [&](const list_options& page) { return client.sessions_since(page); },
///         [&](const checkout_session& session) { return true; });
///
/// `options` says where to start. If `ask_for_page` fails, for_each_item() returns its error; the
/// items of earlier pages have been visited by then. It ends at a page none of whose items has an
/// id, since there is nothing to go on from.
template <class Options, class AskForPage, class Visit>
result<void> for_each_item(Options options, AskForPage ask_for_page, Visit visit) {
  while (true) {
    const auto page = ask_for_page(std::as_const(options));
    if (!page) return page.error();
    std::string last;
    for (const auto& item : page->data) {
      // An event that cannot be parsed may have no id.
      if (!item.id.empty()) last = item.id;
      if (!visit(item)) return {};
    }
    if (!page->has_more || last.empty()) return {};
    options.starting_after = std::move(last);
  }
}

} // namespace v0
} // namespace stripe_return
