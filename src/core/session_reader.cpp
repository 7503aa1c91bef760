#include "core/session_reader.hpp"

#include <algorithm>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace {

constexpr std::int64_t latest_time = 253402300799; // 9999-12-31T23:59:59Z

} // namespace

session_reader::session_reader(document expected) : expected_(expected) {}

bool session_reader::key(std::string& name) {
  if (skipped_ != 0) return true;
  frame& here = frames_[depth_ - 1];
  if (here.where == place::metadata || here.where == place::payment_intent_metadata) {
    entries_.emplace_back(std::move(name), std::string());
    field_ = field::metadata_value;
    name_ = "metadata";
    return true;
  }
  const known_keys& known = here.known;
  if ((known.shapes & shape_of(name.c_str(), name.size())) == 0) {
    field_ = field::ignored;
    return true;
  }
  for (std::size_t i = 0; i != known.count; ++i) {
    if (known.first[i].name != name) continue;
    name_ = known.first[i].name;
    const std::uint32_t bit = std::uint32_t{1} << i;
    if ((here.seen & bit) != 0) {
      return fail(error_code::repeated_key,
                  "The key " + std::string(name_) + " stands there twice in one object.");
    }
    here.seen |= bit;
    field_ = known.first[i].value;
    return true;
  }
  field_ = field::ignored;
  return true;
}

bool session_reader::null() {
  if (field_ == field::document || field_ == field::element) return wrong_type();
  return true; // null, "" and absent are the same
}

bool session_reader::boolean(bool value) {
  switch (field_) {
  case field::ignored: return true;
  case field::session_livemode: session_.livemode = value; return true;
  case field::event_livemode: event_.livemode = value; return true;
  case field::page_has_more: has_more() = value; return true;
  case field::charge_disputed:
    session_.payment_intent->latest_charge->disputed = value;
    return true;
  default: return wrong_type();
  }
}

bool session_reader::number_integer(std::int64_t value) {
  switch (field_) {
  case field::ignored: return true;
  case field::session_created: return timestamp(session_.created, value);
  case field::session_expires_at: return timestamp(session_.expires_at, value);
  case field::session_amount_subtotal: session_.amount_subtotal = value; return true;
  case field::session_amount_total: session_.amount_total = value; return true;
  case field::conversion_amount_subtotal:
    session_.currency_conversion->amount_subtotal = value;
    return true;
  case field::conversion_amount_total:
    session_.currency_conversion->amount_total = value;
    return true;
  case field::charge_amount_refunded:
    session_.payment_intent->latest_charge->amount_refunded = value;
    return true;
  case field::recovery_expires_at: return timestamp(session_.recovery->expires_at, value);
  case field::event_created: return timestamp(event_.created, value);
  case field::item_quantity: item().quantity = value; return true;
  case field::item_amount_subtotal: item().amount_subtotal = value; return true;
  case field::item_amount_total: item().amount_total = value; return true;
  default: return wrong_type();
  }
}

bool session_reader::number_unsigned(std::uint64_t value) {
  if (value > static_cast<std::uint64_t>(INT64_MAX)) return not_an_integer();
  return number_integer(static_cast<std::int64_t>(value));
}

// An integer too long for 64 bits arrives here as well.
bool session_reader::number_float(double, const std::string&) {
  return not_an_integer();
}

bool session_reader::string(std::string& value) {
  switch (field_) {
  case field::ignored: return true;
  case field::session_object: return session_object(value);
  case field::session_id: session_.id = std::move(value); return true;
  case field::session_status:
    session_.status = open_enum<stripe_return::session_status>(std::move(value));
    return true;
  case field::session_payment_status:
    session_.payment_status = open_enum<stripe_return::session_payment_status>(std::move(value));
    return true;
  case field::session_mode:
    session_.mode = open_enum<stripe_return::session_mode>(std::move(value));
    return true;
  case field::session_currency: session_.currency = std::move(value); return true;
  case field::session_client_reference_id:
    session_.client_reference_id = std::move(value);
    return true;
  case field::session_payment_intent:
    if (!value.empty()) session_.payment_intent.emplace().id = std::move(value);
    return true;
  case field::session_setup_intent:
  case field::setup_intent_id: session_.setup_intent = std::move(value); return true;
  case field::session_subscription:
  case field::subscription_id: session_.subscription = std::move(value); return true;
  case field::session_recovered_from: session_.recovered_from = std::move(value); return true;
  case field::session_url: session_.url = std::move(value); return true;
  case field::session_client_secret: session_.client_secret = std::move(value); return true;
  case field::metadata_value: entries_.back().second = std::move(value); return true;
  case field::payment_intent_object: payment_intent_object_ = std::move(value); return true;
  case field::payment_intent_id: session_.payment_intent->id = std::move(value); return true;
  case field::payment_intent_status:
    session_.payment_intent->status =
        open_enum<stripe_return::payment_intent_status>(std::move(value));
    return true;
  case field::payment_intent_latest_charge: return true; // its id
  case field::charge_object: charge_object_ = std::move(value); return true;
  case field::conversion_source_currency:
    session_.currency_conversion->source_currency = std::move(value);
    return true;
  case field::recovery_url: session_.recovery->url = std::move(value); return true;
  case field::page_object: return check_object(value, "list");
  case field::item_id: item().id = std::move(value); return true;
  case field::item_description: item().description = std::move(value); return true;
  case field::item_currency: item().currency = std::move(value); return true;
  case field::item_price:
  case field::price_id: item().price = std::move(value); return true;
  case field::price_product:
  case field::product_id: item().product = std::move(value); return true;
  case field::event_object: return event_object(value);
  case field::event_id: event_.id = std::move(value); return true;
  case field::event_type:
    event_.type = open_enum<stripe_return::event_type>(std::move(value));
    return true;
  case field::event_created: return true; // of a thin event, which event_object() refuses
  case field::event_account: event_.account = std::move(value); return true;
  case field::event_context: event_.context = std::move(value); return true;
  default: return wrong_type();
  }
}

bool session_reader::binary(std::vector<std::uint8_t>&) {
  return wrong_type();
} // not in JSON

bool session_reader::start_object(std::size_t) {
  switch (field_) {
  case field::ignored: ++skipped_; return true;
  case field::document:
    switch (expected_) {
    case document::checkout_session: return enter(place::session);
    case document::session_page: return enter(place::session_page);
    case document::line_item_page: return enter(place::line_item_page);
    case document::event: return enter(place::event);
    case document::event_page: return enter(place::event_page);
    }
    return false;
  case field::element:
    switch (where()) {
    case place::session_array: return enter(place::session);
    case place::event_array: return enter(place::event);
    default: line_items_.data.emplace_back(); return enter(place::line_item);
    }
  case field::session_metadata: return enter(place::metadata);
  case field::session_payment_intent:
    session_.payment_intent.emplace();
    return enter(place::payment_intent);
  case field::payment_intent_metadata: return enter(place::payment_intent_metadata);
  case field::payment_intent_latest_charge:
    session_.payment_intent->latest_charge.emplace();
    return enter(place::charge);
  case field::session_setup_intent: return enter(place::setup_intent);
  case field::session_subscription: return enter(place::subscription);
  case field::session_currency_conversion:
    session_.currency_conversion.emplace();
    return enter(place::currency_conversion);
  case field::session_after_expiration: return enter(place::after_expiration);
  case field::after_expiration_recovery: session_.recovery.emplace(); return enter(place::recovery);
  case field::session_line_items: return enter(place::line_item_page);
  case field::item_price: return enter(place::price);
  case field::price_product: return enter(place::product);
  case field::event_data: return enter(place::event_data);
  case field::data_object: return enter(place::session);
  default: return wrong_type();
  }
}

bool session_reader::end_object() {
  if (skipped_ != 0) {
    --skipped_;
    return true;
  }
  const place ended = where();
  leave();
  switch (ended) {
  case place::metadata: return finish_metadata(session_.metadata);
  case place::payment_intent_metadata: return finish_metadata(session_.payment_intent->metadata);
  case place::payment_intent: finish_payment_intent(); return true;
  case place::charge: finish_charge(); return true;
  case place::recovery:
    if (session_.recovery->url.empty()) session_.recovery.reset();
    return true;
  case place::line_item_page:
    if (depth_ != 0) session_.line_items = std::exchange(line_items_, {});
    return true;
  case place::session:
    if (expected_ == document::session_page) {
      sessions_.data.push_back(std::exchange(session_, {}));
    }
    return true;
  case place::event: return finish_event();
  default: return true;
  }
}

bool session_reader::start_array(std::size_t) {
  if (field_ == field::ignored) {
    ++skipped_;
    return true;
  }
  if (field_ != field::page_data) return wrong_type();
  switch (where()) {
  case place::session_page: enter(place::session_array); break;
  case place::event_page: enter(place::event_array); break;
  default: enter(place::line_item_array); break;
  }
  field_ = field::element;
  return true;
}

bool session_reader::end_array() {
  if (skipped_ != 0) {
    --skipped_;
  } else {
    leave();
  }
  return true;
}

bool session_reader::parse_error(std::size_t position, const std::string&,
                                 const nlohmann::detail::exception& why) {
  constexpr int number_overflow = 406; // nlohmann's number for it, in its documentation
  if (why.id == number_overflow) {
    return fail(error_code::number_out_of_range, "A number in the document is out of range.");
  }
  return not_json(position);
}

bool session_reader::enter(place where) noexcept {
  frames_[depth_++] = {where, 0, keys_of(where)};
  return true;
}

void session_reader::leave() noexcept {
  --depth_;
  if (depth_ != 0 && where() >= place::line_item_array) {
    field_ = field::element;
    name_ = "data";
  }
}

bool& session_reader::has_more() noexcept {
  switch (where()) {
  case place::session_page: return sessions_.has_more;
  case place::event_page: return events_.has_more;
  default: return line_items_.has_more;
  }
}

bool session_reader::timestamp(std::optional<unix_seconds>& target, std::int64_t value) {
  if (value < 0 || value > latest_time) return out_of_range();
  if (value != 0) target = value; // 0 is how stripe-go writes null
  return true;
}

bool session_reader::finish_metadata(metadata& target) {
  const std::size_t count = entries_.size();
  target = metadata(std::exchange(entries_, {}));
  if (target.entries().size() != count) {
    return fail(error_code::repeated_key, "A metadata key stands there twice.");
  }
  return true;
}

// stripe-go writes an unexpanded id as an object whose fields are all zero but for the id.
void session_reader::finish_payment_intent() {
  session_payment_intent& intent = *session_.payment_intent;
  if (payment_intent_object_ != "payment_intent" || !intent.expanded()) {
    intent.status = {};
    intent.metadata = {};
    intent.latest_charge.reset();
    if (intent.id.empty()) session_.payment_intent.reset();
  }
  payment_intent_object_.clear();
}

void session_reader::finish_charge() {
  if (charge_object_ != "charge") session_.payment_intent->latest_charge.reset();
  charge_object_.clear();
}

bool session_reader::finish_event() {
  if (!std::exchange(is_event_, false)) {
    if (expected_ == document::event_page) {
      return fail(error_code::wrong_object, "The list holds an object that is no event.");
    }
    return fail(error_code::not_an_event, "The body is signed, but is no event.");
  }
  // What was read of another object than a session is left behind.
  checkout_session session = std::exchange(session_, {});
  if (!session.object.empty()) event_.session = std::move(session);
  if (expected_ == document::event_page) events_.data.push_back(std::exchange(event_, {}));
  return true;
}

bool session_reader::session_object(std::string& actual) {
  const bool in_event = expected_ == document::event || expected_ == document::event_page;
  if (in_event && actual != "checkout.session") {
    frames_[depth_ - 1] = {place::outside, 0, {}};
    return true;
  }
  if (!check_object(actual, "checkout.session")) return false;
  session_.object = std::move(actual);
  return true;
}

bool session_reader::event_object(std::string_view actual) {
  is_event_ = actual == "event";
  if (is_event_ || expected_ == document::event_page) return true;
  if (actual == "v2.core.event") {
    return fail(error_code::thin_event,
                "This is a thin event, which holds no Checkout Session: let the endpoint send "
                "snapshot events.");
  }
  return fail(error_code::not_an_event, "The body is signed, but is no event.");
}

bool session_reader::check_object(std::string_view actual, std::string_view wanted) {
  if (actual.empty() || actual == wanted) return true;
  if (actual == "event" && depth_ == 1) {
    return fail(error_code::wrong_object,
                "This is an event, not a Checkout Session: verify events by their signature.");
  }
  return fail(error_code::wrong_object,
              "This is another object than the " + std::string(wanted) + " asked for.");
}

bool session_reader::not_json(std::size_t position) {
  return fail(error_code::not_json, "Not one whole JSON document: reading it failed at byte " +
                                        std::to_string(position) + ".");
}

bool session_reader::fail(error_code code, std::string message) {
  failure_ = error{code, std::move(message)};
  return false;
}

bool session_reader::wrong_type() {
  if (field_ == field::document) {
    return fail(error_code::wrong_object, "The JSON document is not an object.");
  }
  return fail(error_code::unexpected_type, "The field " + std::string(name_) +
                                               " holds another JSON type than Stripe documents.");
}

bool session_reader::out_of_range() {
  return fail(error_code::number_out_of_range,
              "The field " + std::string(name_) + " holds no integer in its range.");
}

// Zero is in the range of every integer: what refuses it refuses each number for its type.
bool session_reader::not_an_integer() {
  if (field_ == field::ignored) return true;
  return number_integer(0) && out_of_range();
}

bool session_reader::read(std::string_view json) {
  // nlohmann's lexer takes a NUL for the end of the text, and would not look at what follows.
  const std::size_t nul = json.find('\0');
  if (nul != std::string_view::npos) return not_json(nul);
  return nlohmann::json::sax_parse(json.data(), json.data() + json.size(), this);
}

} // namespace v0
} // namespace stripe_return
