// What the customer sees.
#pragma once

#include "page.hpp"
#include "tea.hpp"

#include <stripe_return/orders/customer_view.hpp>

#include <string>

// `open_order`: one that this browser has begun and not paid; empty where there is none.
page product_page(const visit& visit, const tea& tea, const std::string& open_order);

// What was ordered, how it stands, and what comes next. It keeps itself up to date; without
// JavaScript, by loading the page again.
page order_page(const visit& visit, const tea& tea, const std::string& out_trade_no,
                const stripe_return::customer_view& view);

// A page that says nothing of any order.
enum class notice {
  thank_you,       // to a browser that is not known to be the order's
  still_asking,    // nothing is known now: it asks again by itself
  bad_link,        //
  unknown_payment, //
  unknown_order,   // to this browser
  no_such_page,    //
  cannot_pay_now,  //
  from_elsewhere,  // a form of another site
  fault,           // of the shop
};
page notice_page(const visit& visit, notice what);

// The same, with a button to try to pay this order again.
page cannot_pay_page(const visit& visit, const std::string& out_trade_no);
