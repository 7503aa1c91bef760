// One page of a list: https://docs.stripe.com/api/pagination
#pragma once

#include "testkit/fake_stripe/api_error.hpp"
#include "testkit/fake_stripe/object_list.hpp"
#include "testkit/fake_stripe/parameters.hpp"

#include <stripe_return/core/time.hpp>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace stripe_return {
inline namespace v0 {
namespace fake {

struct page_request {
  std::size_t limit = 10;
  std::optional<std::string> starting_after;
  std::optional<std::string> ending_before;
};

// `created=T`, or created[gt], [gte], [lt] and [lte].
struct time_range {
  std::optional<unix_seconds> first;
  std::optional<unix_seconds> last;

  bool contains(unix_seconds time) const {
    return (!first || time >= *first) && (!last || time <= *last);
  }
};

page_request read_page_request(const parameters& given);
time_range read_created(const parameters& given);

template <class T> struct list_page {
  std::vector<const T*> objects;
  bool has_more = false;
};

// What a list goes through, the first of it at place 0.
template <class T> struct listing {
  std::size_t size = 0;
  std::function<const T&(std::size_t place)> at;
  std::function<std::optional<std::size_t>(const std::string& id)> place_of;
};

template <class T> listing<T> newest_first(const object_list<T>& all) {
  return {all.size(), [&all](std::size_t place) -> const T& { return all[all.size() - 1 - place]; },
          [&all](const std::string& id) {
            const auto place = all.place_of(id);
            return place ? std::optional(all.size() - 1 - *place) : std::nullopt;
          }};
}

template <class T> listing<T> in_order(const std::vector<T>& all) {
  return {all.size(), [&all](std::size_t place) -> const T& { return all[place]; },
          [&all](const std::string& id) -> std::optional<std::size_t> {
            const auto found = std::find_if(all.begin(), all.end(),
                                            [&id](const T& each) { return each.id == id; });
            if (found == all.end()) return std::nullopt;
            return static_cast<std::size_t>(found - all.begin());
          }};
}

// Those that are wanted, in the order of the list. A cursor need not be wanted itself. `kind` is
// what a cursor is called that names none of them: throws api_error then.
template <class T>
list_page<T> take_page(const listing<T>& all, const page_request& request, const std::string& kind,
                       const std::function<bool(const T&)>& wanted) {
  const auto place_of = [&](const std::string& id, const char* param) {
    const std::optional<std::size_t> place = all.place_of(id);
    if (!place) {
      api_error error = resource_missing(kind, id, param);
      error.status = 400;
      throw error;
    }
    return *place;
  };
  list_page<T> page;
  const auto take = [&](const T& each) {
    if (!wanted(each)) return true;
    page.has_more = page.objects.size() == request.limit;
    if (!page.has_more) page.objects.push_back(&each);
    return !page.has_more;
  };
  if (request.ending_before) {
    std::size_t i = place_of(*request.ending_before, "ending_before");
    while (i > 0 && take(all.at(i - 1)))
      --i;
    std::reverse(page.objects.begin(), page.objects.end());
    return page;
  }
  std::size_t i =
      request.starting_after ? place_of(*request.starting_after, "starting_after") + 1 : 0;
  while (i < all.size && take(all.at(i)))
    ++i;
  return page;
}

} // namespace fake
} // namespace v0
} // namespace stripe_return
