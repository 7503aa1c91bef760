#include "testkit/fake_stripe/expansion.hpp"

#include "testkit/fake_stripe/api_error.hpp"
#include "testkit/fake_stripe/object_json.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace stripe_return {
inline namespace v0 {
namespace fake {
namespace {

constexpr std::ptrdiff_t deepest_path = 4;
constexpr std::size_t first_line_items = 10;

// Of the objects that there are here; most of these are always null.
constexpr std::array<std::string_view, 17> expandable = {"balance_transaction",
                                                         "charge",
                                                         "customer",
                                                         "dispute",
                                                         "refund",
                                                         "invoice",
                                                         "latest_charge",
                                                         "line_items",
                                                         "on_behalf_of",
                                                         "payment_intent",
                                                         "payment_link",
                                                         "product",
                                                         "review",
                                                         "setup_intent",
                                                         "subscription",
                                                         "application",
                                                         "discounts"};

class expander {
public:
  expander(const std::string& path, const account& account) : path_(path), account_(account) {}

  void walk(nlohmann::json& node, std::string_view rest) const {
    if (rest.empty()) return;
    if (node.is_array()) {
      for (nlohmann::json& each : node)
        walk(each, rest);
      return;
    }
    if (node.is_null()) return;
    const std::string key(rest.substr(0, rest.find('.')));
    const std::string_view further = rest.substr(std::min(key.size() + 1, rest.size()));
    if (!node.is_object()) refuse();
    if (key == "line_items" && node.value("object", "") == "checkout.session") {
      if (!node.contains(key)) node[key] = line_items(node["id"]);
    } else if (!node.contains(key)) {
      refuse();
    } else if (node[key].is_string()) {
      std::optional<nlohmann::json> object = account_.object(node[key]);
      if (!object) refuse();
      node[key] = *std::move(object);
    } else if (further.empty() &&
               std::find(expandable.begin(), expandable.end(), key) == expandable.end()) {
      refuse();
    }
    walk(node[key], further);
  }

private:
  [[noreturn]] void refuse() const {
    throw invalid_request("This property cannot be expanded (" + path_ + ").", "expand");
  }

  nlohmann::json line_items(const std::string& session_id) const {
    const session& session = account_.find(session_id);
    nlohmann::json data = nlohmann::json::array();
    for (const bought_item& item : session.asked->items) {
      if (data.size() < first_line_items) data.push_back(line_item_json(session, item));
    }
    const bool has_more = session.asked->items.size() > data.size();
    return list_json(std::move(data), has_more,
                     "/v1/checkout/sessions/" + session_id + "/line_items");
  }

  const std::string& path_;
  const account& account_;
};

} // namespace

void expand(nlohmann::json& answer, const std::vector<std::string>& paths, const account& account) {
  for (const std::string& path : paths) {
    if (std::count(path.begin(), path.end(), '.') >= deepest_path) {
      throw invalid_request("You cannot expand more than 4 levels of a property (" + path + ").",
                            "expand");
    }
    expander(path, account).walk(answer, path);
  }
}

} // namespace fake
} // namespace v0
} // namespace stripe_return
