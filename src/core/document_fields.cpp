// What is read of Stripe's documents: for each field its place, its key, and where its value goes.
#include "core/document_reader.hpp"
#include "core/event_envelope.hpp"
#include "core/raw_list.hpp"
#include "core/rfc3339.hpp"
#include "core/stripe_error.hpp"

#include <iterator>
#include <type_traits>
#include <utility>

namespace stripe_return {
inline namespace v0 {

namespace {

using kind = json_value::kind;

bool assign(const arrival& it, bool& target) {
  if (it.value.is != kind::boolean) return it.reader.wrong_type();
  target = it.value.boolean;
  return true;
}

bool assign(const arrival& it, livemode& target) {
  bool live = false;
  if (!assign(it, live)) return false;
  target = live ? livemode::live : livemode::test;
  return true;
}

bool assign(const arrival& it, std::int64_t& target) {
  if (it.value.is == kind::other_number) return it.reader.out_of_range();
  if (it.value.is != kind::integer) return it.reader.wrong_type();
  target = it.value.integer;
  return true;
}

// A text, a word, or a secret.
template <class Text> bool assign(const arrival& it, Text& target) {
  if (it.value.is != kind::text) return it.reader.wrong_type();
  target = Text(std::string(it.value.text));
  return true;
}

template <class T> bool assign(const arrival& it, std::optional<T>& target) {
  if (assign(it, target.emplace())) return true;
  target.reset();
  return false;
}

template <class Owner, class Type> Owner owner_of(Type Owner::*);

template <auto Member> auto& member(const arrival& it) {
  return static_cast<decltype(owner_of(Member))*>(it.into)->*Member;
}

template <auto Member> bool keep(const arrival& it) {
  return assign(it, member<Member>(it));
}

bool time_into(const arrival& it, std::optional<unix_seconds>& target) {
  if (!assign(it, target)) return false;
  const unix_seconds read = *target;
  if (read <= 0 || read > latest_time) target.reset(); // 0 is how stripe-go writes null
  return (read >= 0 && read <= latest_time) || it.reader.out_of_range();
}

template <auto Member> bool time(const arrival& it) {
  return time_into(it, member<Member>(it));
}

template <class T> T& made(T& target) {
  return target;
}
template <class T> T& made(std::optional<T>& target) {
  return target.emplace();
}

// An object that is read into the member.
template <auto Member, place Inside> bool object(const arrival& it) {
  return it.reader.enter(it.value, Inside, &made(member<Member>(it)));
}

// An object that is read into what its own place is read into.
template <place Inside> bool part(const arrival& it) {
  return it.reader.enter(it.value, Inside, it.into);
}

template <class List, place Inside> bool element(const arrival& it) {
  return it.reader.enter(it.value, Inside, &static_cast<List*>(it.into)->emplace_back());
}

// Of objects.
template <auto Member, place Inside> bool list(const arrival& it) {
  auto& elements = member<Member>(it);
  return it.reader.enter_each(it.value, kind::list, place::nothing, &elements,
                              element<std::decay_t<decltype(elements)>, Inside>);
}

bool metadata_entry(const arrival& it) {
  return assign(it, it.reader.entries().back().second);
}

template <auto Member> bool string_map(const arrival& it) {
  return it.reader.enter_each(it.value, kind::object, place::metadata, &member<Member>(it),
                              metadata_entry);
}

// What Stripe expands on request: an id, or the object that has it.
template <auto Member, auto Object = object<Member, place::id>> bool id(const arrival& it) {
  return it.value.is == kind::object ? Object(it) : keep<Member>(it);
}

bool payment_intent(const arrival& it) {
  constexpr auto in_session = &checkout_session::payment_intent;
  if (it.value.is == kind::object) return object<in_session, place::payment_intent>(it);
  if (it.value.is == kind::text && it.value.text.empty()) return true;
  return assign(it, member<in_session>(it).emplace().id);
}

bool latest_charge(const arrival& it) {
  if (it.value.is == kind::text) return true; // its id
  return object<&session_payment_intent::latest_charge, place::charge>(it);
}

// Notes whether an object says that it is what its place is for.
bool says(const arrival& it, std::string_view word) {
  if (it.value.is != kind::text) return it.reader.wrong_type();
  it.reader.said() = it.value.text == word;
  return true;
}

// Refuses a document, or a list in it, that says it is something else.
bool check_object(const arrival& it, std::string_view wanted) {
  const std::string_view actual = it.value.text;
  if (it.value.is != kind::text) return it.reader.wrong_type();
  if (actual.empty() || actual == wanted) return true;
  const bool whole_event = actual == "event" && it.reader.depth() == 1;
  return it.reader.fail(
      error_code::wrong_object,
      whole_event ? "This is an event, not a Checkout Session: verify events by their signature."
                  : "This is another object than the " + std::string(wanted) +
                        " asked for: look where it came from.");
}

bool is_list(const arrival& it) {
  return check_object(it, "list");
}

bool is_session(const arrival& it) {
  return check_object(it, "checkout.session");
}

bool session_object(const arrival& it) {
  return is_session(it) && keep<&checkout_session::object>(it);
}

bool paid_object(const arrival& it) {
  return it.value.is == kind::object ? it.reader.enter(it.value, place::id, it.into)
                                     : assign(it, *static_cast<std::string*>(it.into));
}

template <auto Member> bool keep_in_event(const arrival& it) {
  return assign(it, member<&event_envelope::event>(it).*Member);
}

bool event_object_word(const arrival& it) {
  if (it.value.is != kind::text) return it.reader.wrong_type();
  auto& envelope = *static_cast<event_envelope*>(it.into);
  envelope.event.thin = it.value.text == "v2.core.event";
  envelope.is_event = envelope.event.thin || it.value.text == "event";
  return true;
}

// A number, or a thin event's text.
bool event_created(const arrival& it) {
  std::optional<unix_seconds>& created = member<&event_envelope::event>(it).created;
  if (it.value.is != kind::text) return time_into(it, created);
  created = parse_rfc3339(it.value.text);
  return created.has_value() || it.reader.wrong_type();
}

bool event_data_object(const arrival& it) {
  return it.reader.set_aside(it.value, member<&event_envelope::object>(it));
}

bool raw_object(const arrival& it) {
  return it.reader.set_aside(it.value,
                             static_cast<std::vector<std::string_view>*>(it.into)->emplace_back());
}

bool raw_objects(const arrival& it) {
  return it.reader.enter_each(it.value, kind::list, place::nothing, &member<&raw_list::data>(it),
                              raw_object);
}

// Of what is to be read whatever else stands there: anybody may have written an error's body.
template <kind Wanted, auto Read> bool only(const arrival& it) {
  return it.value.is == Wanted ? Read(it) : it.reader.pass_over(it.value);
}

constexpr field fields[] = {
    {place::id, "id",
     [](const arrival& it) { return assign(it, *static_cast<std::string*>(it.into)); }},

    {place::session, "id", keep<&checkout_session::id>},
    {place::session, "object", session_object},
    {place::session, "status", keep<&checkout_session::status>},
    {place::session, "payment_status", keep<&checkout_session::payment_status>},
    {place::session, "mode", keep<&checkout_session::mode>},
    {place::session, "livemode", keep<&checkout_session::livemode>},
    {place::session, "created", time<&checkout_session::created>},
    {place::session, "expires_at", time<&checkout_session::expires_at>},
    {place::session, "amount_subtotal", keep<&checkout_session::amount_subtotal>},
    {place::session, "amount_total", keep<&checkout_session::amount_total>},
    {place::session, "currency", keep<&checkout_session::currency>},
    {place::session, "currency_conversion",
     object<&checkout_session::currency_conversion, place::currency_conversion>},
    {place::session, "client_reference_id", keep<&checkout_session::client_reference_id>},
    {place::session, "metadata", string_map<&checkout_session::metadata>},
    {place::session, "payment_intent", payment_intent},
    {place::session, "setup_intent", id<&checkout_session::setup_intent>},
    {place::session, "subscription", id<&checkout_session::subscription>},
    {place::session, "recovered_from", keep<&checkout_session::recovered_from>},
    {place::session, "after_expiration", part<place::after_expiration>},
    {place::session, "line_items", object<&checkout_session::line_items, place::line_item_page>},
    {place::session, "url", keep<&checkout_session::url>},
    {place::session, "client_secret", keep<&checkout_session::client_secret>},

    {place::payment_intent, "id", keep<&session_payment_intent::id>},
    {place::payment_intent, "object", [](const arrival& it) { return says(it, "payment_intent"); }},
    {place::payment_intent, "status", keep<&session_payment_intent::status>},
    {place::payment_intent, "amount", keep<&session_payment_intent::amount>},
    {place::payment_intent, "amount_received", keep<&session_payment_intent::amount_received>},
    {place::payment_intent, "metadata", string_map<&session_payment_intent::metadata>},
    {place::payment_intent, "latest_charge", latest_charge},

    {place::charge, "object", [](const arrival& it) { return says(it, "charge"); }},
    {place::charge, "amount_refunded", keep<&session_charge::amount_refunded>},
    {place::charge, "disputed", keep<&session_charge::disputed>},

    {place::currency_conversion, "amount_subtotal",
     keep<&session_currency_conversion::amount_subtotal>},
    {place::currency_conversion, "amount_total", keep<&session_currency_conversion::amount_total>},
    {place::currency_conversion, "source_currency",
     keep<&session_currency_conversion::source_currency>},

    {place::after_expiration, "recovery", object<&checkout_session::recovery, place::recovery>},
    {place::recovery, "url", keep<&session_recovery::url>},
    {place::recovery, "expires_at", time<&session_recovery::expires_at>},

    {place::line_item_page, "object", is_list},
    {place::line_item_page, "data", list<&line_item_page::data, place::line_item>},
    {place::line_item_page, "has_more", keep<&line_item_page::has_more>},
    {place::line_item, "id", keep<&line_item::id>},
    {place::line_item, "description", keep<&line_item::description>},
    {place::line_item, "quantity", keep<&line_item::quantity>},
    {place::line_item, "amount_subtotal", keep<&line_item::amount_subtotal>},
    {place::line_item, "amount_total", keep<&line_item::amount_total>},
    {place::line_item, "currency", keep<&line_item::currency>},
    {place::line_item, "price", id<&line_item::price, part<place::price>>},
    {place::price, "id", keep<&line_item::price>},
    {place::price, "product", id<&line_item::product>},

    {place::raw_list, "object", is_list},
    {place::raw_list, "data", raw_objects},
    {place::raw_list, "has_more", keep<&raw_list::has_more>},

    {place::unreadable_session, "id", only<kind::text, keep<&checkout_session::id>>},
    {place::unreadable_session, "created", only<kind::integer, time<&checkout_session::created>>},

    {place::event, "id", keep_in_event<&event::id>},
    {place::event, "object", event_object_word},
    {place::event, "type", keep_in_event<&event::type>},
    {place::event, "created", event_created},
    {place::event, "livemode", keep_in_event<&event::livemode>},
    {place::event, "account", keep_in_event<&event::account>},
    {place::event, "context", keep_in_event<&event::context>},
    {place::event, "data", only<kind::object, part<place::event_data>>},
    {place::event, "related_object", only<kind::object, part<place::related_object>>},
    {place::event, "snapshot_event", only<kind::text, keep_in_event<&event::snapshot_event>>},
    {place::event_data, "object", only<kind::object, event_data_object>},
    {place::related_object, "id", only<kind::text, keep<&event_envelope::related_id>>},
    {place::related_object, "type", only<kind::text, keep<&event_envelope::related_type>>},
    {place::paid_object, "payment_intent", paid_object},

    {place::object_word, "object", is_session},

    {place::error_body, "error", only<kind::object, part<place::error_object>>},
    {place::error_object, "code", only<kind::text, keep<&error_body::code>>},
    {place::error_object, "type", only<kind::text, keep<&error_body::type>>},
    {place::error_object, "message", only<kind::text, keep<&error_body::message>>},
    {place::error_object, "param", only<kind::text, keep<&error_body::param>>},
};

constexpr bool stand_by_place() {
  for (std::size_t i = 1; i != std::size(fields); ++i)
    if (fields[i].where < fields[i - 1].where) return false;
  return true;
}
static_assert(stand_by_place(), "what is read of a place is one part of the table");

constexpr auto by_place = [] {
  std::array<place_fields, static_cast<std::size_t>(place::count)> all{};
  for (const field& each : fields) {
    place_fields& its = all[static_cast<std::size_t>(each.where)];
    if (its.count++ == 0) its.first = &each;
    its.shapes |= shape_of(each.key);
  }
  return all;
}();

bool finish_metadata(document_reader& from, metadata& read) {
  const std::size_t count = from.entries().size();
  read = metadata(std::exchange(from.entries(), {}));
  return read.entries().size() == count ||
         from.fail(error_code::repeated_key,
                   "A metadata key occurs twice: pass the document as Stripe sent it.");
}

// stripe-go writes an unexpanded id as an object whose fields are all zero but for the id.
void finish_payment_intent(session_payment_intent& read, bool said, checkout_session& of) {
  if (said && read.expanded()) return;
  if (read.id.empty()) return of.payment_intent.reset();
  of.payment_intent = session_payment_intent{std::move(read.id), {}, {}, {}, {}, {}};
}

} // namespace

place_fields fields_of(place where) noexcept {
  return by_place[static_cast<std::size_t>(where)];
}

bool finish(document_reader& from, place where, void* into, bool said) {
  switch (where) {
  case place::metadata: return finish_metadata(from, *static_cast<metadata*>(into));
  case place::payment_intent:
    finish_payment_intent(*static_cast<session_payment_intent*>(into), said,
                          *static_cast<checkout_session*>(from.inner_into()));
    return true;
  case place::charge:
    if (!said) static_cast<session_payment_intent*>(from.inner_into())->latest_charge.reset();
    return true;
  case place::after_expiration: {
    std::optional<session_recovery>& recovery = static_cast<checkout_session*>(into)->recovery;
    if (recovery && recovery->url.empty()) recovery.reset();
    return true;
  }
  default: return true;
  }
}

} // namespace v0
} // namespace stripe_return
