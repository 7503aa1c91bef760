// One page of a list: https://docs.stripe.com/api/pagination
#pragma once

#include "fake_stripe/api_error.hpp"
#include "fake_stripe/parameters.hpp"

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

// The page of `all`, which stands in the order of the list. What is not `wanted` is left out, but a
// cursor may name it: it is a place in the list. Throws api_error for a cursor that is not there.
template <class T>
list_page<T> take_page(const std::vector<const T*>& all, const page_request& request,
                       const std::string& kind, const std::function<bool(const T&)>& wanted) {
  const auto place_of = [&](const std::string& id, const char* param) {
    const auto found =
        std::find_if(all.begin(), all.end(), [&id](const T* each) { return each->id == id; });
    if (found == all.end()) {
      api_error error = resource_missing(kind, id, param);
      error.status = 400;
      throw error;
    }
    return static_cast<std::size_t>(found - all.begin());
  };
  list_page<T> page;
  const auto take = [&](const T* each) {
    if (!wanted(*each)) return true;
    page.has_more = page.objects.size() == request.limit;
    if (!page.has_more) page.objects.push_back(each);
    return !page.has_more;
  };
  if (request.ending_before) {
    std::size_t i = place_of(*request.ending_before, "ending_before");
    while (i > 0 && take(all[i - 1]))
      --i;
    std::reverse(page.objects.begin(), page.objects.end());
    return page;
  }
  std::size_t i =
      request.starting_after ? place_of(*request.starting_after, "starting_after") + 1 : 0;
  while (i < all.size() && take(all[i]))
    ++i;
  return page;
}

} // namespace fake
} // namespace v0
} // namespace stripe_return
