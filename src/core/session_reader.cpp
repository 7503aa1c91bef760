#include "core/session_reader.hpp"

#include "core/object_word.hpp"

#include <algorithm>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace {

constexpr std::int64_t latest_time = 253402300799; // 9999-12-31T23:59:59Z

} // namespace

session_reader::session_reader(document expected) : expected_(expected) {}

session_reader::known_keys session_reader::keys_of(place where) noexcept {
  static constexpr known_key session_keys[] = {
      {"id", field::session_id},
      {"object", field::session_object},
      {"status", field::session_status},
      {"payment_status", field::session_payment_status},
      {"mode", field::session_mode},
      {"livemode", field::session_livemode},
      {"created", field::session_created},
      {"expires_at", field::session_expires_at},
      {"amount_subtotal", field::session_amount_subtotal},
      {"amount_total", field::session_amount_total},
      {"currency", field::session_currency},
      {"currency_conversion", field::session_currency_conversion},
      {"client_reference_id", field::session_client_reference_id},
      {"metadata", field::session_metadata},
      {"payment_intent", field::session_payment_intent},
      {"setup_intent", field::session_setup_intent},
      {"subscription", field::session_subscription},
      {"recovered_from", field::session_recovered_from},
      {"after_expiration", field::session_after_expiration},
      {"line_items", field::session_line_items},
      {"url", field::session_url},
      {"client_secret", field::session_client_secret},
  };
  static constexpr known_key payment_intent_keys[] = {
      {"id", field::payment_intent_id},
      {"object", field::payment_intent_object},
      {"status", field::payment_intent_status},
      {"metadata", field::payment_intent_metadata},
  };
  static constexpr known_key setup_intent_keys[] = {{"id", field::setup_intent_id}};
  static constexpr known_key subscription_keys[] = {{"id", field::subscription_id}};
  static constexpr known_key conversion_keys[] = {
      {"amount_subtotal", field::conversion_amount_subtotal},
      {"amount_total", field::conversion_amount_total},
      {"source_currency", field::conversion_source_currency},
  };
  static constexpr known_key after_expiration_keys[] = {
      {"recovery", field::after_expiration_recovery}};
  static constexpr known_key recovery_keys[] = {
      {"url", field::recovery_url},
      {"expires_at", field::recovery_expires_at},
  };
  static constexpr known_key page_keys[] = {
      {"object", field::page_object},
      {"data", field::page_data},
      {"has_more", field::page_has_more},
  };
  static constexpr known_key item_keys[] = {
      {"id", field::item_id},
      {"description", field::item_description},
      {"quantity", field::item_quantity},
      {"amount_subtotal", field::item_amount_subtotal},
      {"amount_total", field::item_amount_total},
      {"currency", field::item_currency},
      {"price", field::item_price},
  };
  static constexpr known_key price_keys[] = {
      {"id", field::price_id},
      {"product", field::price_product},
  };
  static constexpr known_key product_keys[] = {{"id", field::product_id}};
  static constexpr known_key event_keys[] = {
      {"id", field::event_id},
      {"object", field::event_object},
      {"type", field::event_type},
      {"created", field::event_created},
      {"livemode", field::event_livemode},
      {"account", field::event_account},
      {"data", field::event_data},
  };
  static constexpr known_key event_data_keys[] = {{"object", field::data_object}};

  static constexpr known_keys session = list(session_keys);
  static constexpr known_keys payment_intent = list(payment_intent_keys);
  static constexpr known_keys setup_intent = list(setup_intent_keys);
  static constexpr known_keys subscription = list(subscription_keys);
  static constexpr known_keys conversion = list(conversion_keys);
  static constexpr known_keys after_expiration = list(after_expiration_keys);
  static constexpr known_keys recovery = list(recovery_keys);
  static constexpr known_keys page = list(page_keys);
  static constexpr known_keys item = list(item_keys);
  static constexpr known_keys price = list(price_keys);
  static constexpr known_keys product = list(product_keys);
  static constexpr known_keys event = list(event_keys);
  static constexpr known_keys event_data = list(event_data_keys);

  switch (where) {
  case place::session: return session;
  case place::payment_intent: return payment_intent;
  case place::setup_intent: return setup_intent;
  case place::subscription: return subscription;
  case place::currency_conversion: return conversion;
  case place::after_expiration: return after_expiration;
  case place::recovery: return recovery;
  case place::line_item_page: return page;
  case place::line_item: return item;
  case place::price: return price;
  case place::product: return product;
  case place::event: return event;
  case place::event_data: return event_data;
  case place::outside: // also an object of another kind in an event: nothing of it is read
  case place::metadata:
  case place::payment_intent_metadata:
  case place::line_item_array: break;
  }
  return {};
}

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
  case field::page_has_more: line_items_.has_more = value; return true;
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
  case field::event_type: event_.type = std::move(value); return true;
  case field::event_created: return true; // of a thin event, which event_object() refuses
  case field::event_account: event_.account = std::move(value); return true;
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
    case document::line_item_page: return enter(place::line_item_page);
    case document::event: return enter(place::event);
    }
    return false;
  case field::element: line_items_.data.emplace_back(); return enter(place::line_item);
  case field::session_metadata: return enter(place::metadata);
  case field::session_payment_intent:
    session_.payment_intent.emplace();
    return enter(place::payment_intent);
  case field::payment_intent_metadata: return enter(place::payment_intent_metadata);
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
  const place ended = frames_[depth_ - 1].where;
  leave();
  switch (ended) {
  case place::metadata: return finish_metadata(session_.metadata);
  case place::payment_intent_metadata: return finish_metadata(session_.payment_intent->metadata);
  case place::payment_intent: finish_payment_intent(); return true;
  case place::recovery:
    if (session_.recovery->url.empty()) session_.recovery.reset();
    return true;
  case place::line_item_page:
    if (depth_ != 0) session_.line_items = std::move(line_items_);
    return true;
  default: return true;
  }
}

bool session_reader::start_array(std::size_t) {
  if (field_ == field::ignored) {
    ++skipped_;
    return true;
  }
  if (field_ != field::page_data) return wrong_type();
  enter(place::line_item_array);
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
  if (depth_ != 0 && frames_[depth_ - 1].where == place::line_item_array) {
    field_ = field::element;
    name_ = "data";
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
    if (intent.id.empty()) session_.payment_intent.reset();
  }
}

bool session_reader::session_object(std::string& actual) {
  if (expected_ == document::event && actual != "checkout.session") {
    frames_[depth_ - 1] = {place::outside, 0, {}};
    return true;
  }
  if (!check_object(actual, "checkout.session")) return false;
  session_.object = std::move(actual);
  return true;
}

bool session_reader::event_object(std::string& actual) {
  if (actual == "v2.core.event") {
    return fail(error_code::thin_event,
                "This is a thin event, which holds no Checkout Session: let the endpoint send "
                "snapshot events.");
  }
  if (actual != "event") {
    return fail(error_code::not_an_event, "The body is signed, but is no event.");
  }
  event_.object = std::move(actual);
  return true;
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

// Another object may have a field of another type before the word that says what it is.
error session_reader::not_session(error failure, std::string_view json) {
  const bool about_a_field = failure.code == error_code::unexpected_type ||
                             failure.code == error_code::number_out_of_range;
  if (!about_a_field) return failure;
  session_reader reader(document::checkout_session);
  reader.depth_ = 1; // as where the word stands in a session
  reader.check_object(object_word(json), "checkout.session");
  return reader.failure_.value_or(std::move(failure));
}

result<checkout_session> parse_checkout_session(std::string_view json) {
  session_reader reader(session_reader::document::checkout_session);
  if (!reader.read(json)) return session_reader::not_session(*reader.failure(), json);
  return std::move(reader.session());
}

result<event_envelope> read_event(std::string_view json) {
  session_reader reader(session_reader::document::event);
  if (!reader.read(json)) return *reader.failure();
  event_envelope& event = reader.event();
  if (event.object.empty()) {
    return error{error_code::not_an_event, "The body is signed, but is no event."};
  }
  if (!reader.session().object.empty()) event.session = std::move(reader.session());
  return std::move(event);
}

result<line_item_page> parse_line_items(std::string_view json) {
  session_reader reader(session_reader::document::line_item_page);
  if (!reader.read(json)) return *reader.failure();
  return std::move(reader.line_items());
}

} // namespace v0
} // namespace stripe_return
