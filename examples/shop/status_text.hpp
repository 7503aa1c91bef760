// What a customer is told about an order.
#pragma once

#include "language.hpp"

#include <stripe_return/orders/customer_view.hpp>

enum class tone { good, waiting, bad };

// What the customer is invited to.
enum class invitation {
  none,
  go_on,     // with the payment that was begun
  pay_again, // by a new one
};

struct status_text {
  tone how;
  bilingual title;
  bilingual body;
  bilingual next; // what comes next
  invitation to = invitation::none;
};

// Invites nobody to pay whom the view does not.
status_text text_for(const stripe_return::customer_view& view);
