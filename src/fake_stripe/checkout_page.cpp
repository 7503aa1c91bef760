#include "fake_stripe/checkout_page.hpp"

#include "fake_stripe/checkout_page_style.hpp"
#include "fake_stripe/checkout_page_text.hpp"
#include "fake_stripe/html.hpp"
#include "fake_stripe/money_text.hpp"
#include "fake_stripe/page_icon.hpp"
#include "fake_stripe/page_method.hpp"

#include <string_view>

namespace stripe_return {
inline namespace v0 {
namespace fake {
namespace {

namespace say = page_text;

html document(page_language language, const std::string& title, const html& main) {
  html page = "<!doctype html>\n<html lang=\"";
  page << say::language_tag.in(language)
       << "\">\n<head>\n<meta charset=\"utf-8\">\n"
          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>"
       << title << "</title>\n"
       << page_style_element() << "</head>\n<body>\n<header class=\"band\">\n"
       << "<strong class=\"badge\">TEST</strong>\n<p><span lang=\"en\">" << say::warning.english
       << "</span> <span lang=\"zh-Hans\">" << say::warning.chinese << "</span></p>\n</header>\n"
       << main << "</body>\n</html>\n";
  return page;
}

// Draws a checkout_page, whose language and currency all its parts need.
class page_renderer {
public:
  explicit page_renderer(const checkout_page& page) : page_(page) {}

  std::string render() const {
    return document(page_.language, title(),
                    page_.state == page_state::open ? open_page() : closed_page())
        .str();
  }

private:
  std::string_view text(const phrase& phrase) const { return phrase.in(page_.language); }
  std::string text(const phrase& phrase, const std::string& value) const {
    return phrase.with(value, page_.language);
  }
  std::string amount(std::int64_t minor_units) const {
    return money_text({minor_units, page_.currency}, page_.language);
  }
  std::string shop_name() const {
    return page_.shop_name.empty() ? std::string(text(say::unnamed_shop)) : page_.shop_name;
  }

  phrase heading() const {
    if (page_.state == page_state::complete) return say::is_complete;
    if (page_.state == page_state::expired) return say::has_expired;
    switch (page_.mode) {
    case page_mode::payment: return say::your_payment;
    case page_mode::subscription: return say::your_subscription;
    case page_mode::setup: break;
    }
    return say::your_setup;
  }

  std::string title() const {
    return std::string(text(heading())) + " - " + shop_name() + " - " +
           std::string(text(say::title_suffix));
  }

  html shop() const {
    html line = "<p class=\"shop\">";
    return line << shop_icon() << "<span>" << shop_name() << "</span></p>\n";
  }

  html open_page() const {
    html main = "<main>\n<section class=\"pane summary\" aria-labelledby=\"summary\">\n"
                "<div class=\"column\">\n";
    main << leave() << shop() << "<h1 id=\"summary\">" << text(heading()) << "</h1>\n";
    if (page_.mode == page_mode::setup) {
      main << "<p class=\"explained\">" << text(say::setup_explained) << "</p>\n";
    } else {
      main << "<p class=\"amount-due\">" << recurring(page_.total) << "</p>\n" << items() << sums();
    }
    main << "</div>\n</section>\n"
            "<section class=\"pane payment\" aria-labelledby=\"payment\">\n"
            "<div class=\"column\">\n"
         << alert();
    main << (page_.costs_nothing ? confirmation() : choice());
    return main << "</div>\n</section>\n</main>\n";
  }

  html closed_page() const {
    html main = "<main>\n<div class=\"notice\">\n";
    main << shop() << "<h1>" << text(heading()) << "</h1>\n";
    if (page_.state == page_state::complete) {
      main << "<p>" << text(say::may_close) << "</p>\n";
    } else if (page_.recovery_url.empty()) {
      main << "<p>" << text(say::begin_again) << "</p>\n";
    } else {
      main << "<a class=\"method first plain\" href=\"" << page_.recovery_url << "\">"
           << text(say::check_out_again) << "</a>\n";
    }
    return main << "</div>\n</main>\n";
  }

  html leave() const {
    if (!page_.may_leave) return {};
    html form = "<form class=\"leave\" method=\"post\">"
                "<button name=\"action\" value=\"leave\">";
    return form << back_icon() << "<span>" << text(say::leave) << "</span></button></form>\n";
  }

  std::string recurring(std::int64_t minor_units) const {
    const std::string once = amount(minor_units);
    return page_.interval ? text(per_interval(*page_.interval), once) : once;
  }

  html items() const {
    html list = "<ul class=\"items\" aria-label=\"";
    list << text(say::order) << "\">\n";
    for (const page_item& item : page_.items) {
      list << "<li><div><strong>" << item.name << "</strong>";
      if (item.description) list << "<small>" << *item.description << "</small>";
      list << "<small>" << text(say::quantity, std::to_string(item.quantity))
           << "</small></div><div class=\"price\">" << amount(item.amount);
      if (item.quantity > 1) {
        list << "<small>" << text(say::each, amount(item.unit_amount)) << "</small>";
      }
      list << "</div></li>\n";
    }
    return list << "</ul>\n";
  }

  html sums() const {
    html list = "<dl class=\"sums\">\n";
    if (page_.discount != 0) {
      list << "<div><dt>" << text(say::subtotal) << "</dt><dd>" << amount(page_.subtotal)
           << "</dd></div>\n<div><dt>" << text(say::discount) << "</dt><dd>"
           << amount(-page_.discount) << "</dd></div>\n";
    }
    return list << "<div class=\"due\"><dt>" << text(say::total) << "</dt><dd>"
                << amount(page_.total) << "</dd></div>\n</dl>\n";
  }

  html alert() const {
    if (page_.alert == page_alert::none) return {};
    html box = "<p class=\"alert\" role=\"alert\">";
    return box << text(page_.alert == page_alert::card_declined ? say::declined : say::not_possible)
               << "</p>\n";
  }

  html confirmation() const {
    html form = "<h2 id=\"payment\">";
    return form << text(say::no_method_needed)
                << "</h2>\n<form class=\"methods\" method=\"post\">"
                   "<button class=\"method first plain\" name=\"action\" value=\"pay\">"
                << text(page_.mode == page_mode::subscription ? say::subscribe
                                                              : say::complete_order)
                << "</button></form>\n";
  }

  html choice() const {
    html list = "<h2 id=\"payment\">";
    list << text(page_.mode == page_mode::setup ? say::choose_saved_method : say::choose_method)
         << "</h2>\n<p class=\"hint\">" << text(say::one_press) << "</p>\n<ul class=\"methods\">\n";
    bool is_first = true;
    for (const std::string& type : page_.payment_methods) {
      list << method_button(page_method_of(type), is_first);
      is_first = false;
    }
    list << "</ul>\n<h3 id=\"for-tests\">" << text(say::for_tests)
         << "</h3>\n<form method=\"post\" aria-labelledby=\"for-tests\">"
            "<button class=\"method for-tests\" name=\"action\" value=\"decline\">"
         << icon_of(method_icon::card) << label(text(say::declined_card), {}, text(say::attempt))
         << "</button></form>\n";
    return list;
  }

  // A form for each, so that what it posts names the method.
  html method_button(const page_method& method, bool is_first) const {
    html item = "<li><form method=\"post\"><input type=\"hidden\" name=\"method\" value=\"";
    item << method.type << "\"><button class=\"";
    if (is_first) item << "first ";
    item << "method\" name=\"action\" value=\"";
    // Nothing has to arrive where nothing is paid.
    const bool is_delayed = method.flow == method_flow::delayed && page_.mode != page_mode::setup;
    if (is_delayed) {
      item << "pay_later";
    } else {
      item << "pay";
    }
    item << "\">" << icon_of(method.icon)
         << label(text(method.name), is_delayed ? text(say::delayed) : std::string_view(), verb());
    return item << "</button></form></li>\n";
  }

  static html label(std::string_view name, std::string_view detail, std::string_view action) {
    html spans = "<span class=\"label\"><span class=\"name\">";
    spans << name;
    if (!detail.empty()) spans << " <small>" << detail << "</small>";
    return spans << "</span> <span class=\"act\">" << action << "</span></span>";
  }

  std::string verb() const {
    switch (page_.mode) {
    case page_mode::payment: return text(say::pay, amount(page_.total));
    case page_mode::subscription: return std::string(text(say::subscribe));
    case page_mode::setup: break;
    }
    return std::string(text(say::save));
  }

  const checkout_page& page_;
};

} // namespace

std::string render(const checkout_page& page) {
  return page_renderer(page).render();
}

std::string render_missing_page(page_language language) {
  html main = "<main>\n<div class=\"notice\">\n<h1>";
  main << say::is_missing.in(language) << "</h1>\n</div>\n</main>\n";
  return document(language, std::string(say::is_missing.in(language)), main).str();
}

} // namespace fake
} // namespace v0
} // namespace stripe_return
