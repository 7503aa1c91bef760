// Stripe's form inside the shop's own page, with a publishable key alone. Not tested here: it needs
// js.stripe.com.
#pragma once

#include "page.hpp"

#include <stripe_return/core/secret.hpp>

#include <string>

// The one page that holds a client secret: for the browser of that order, never to be stored.
page embedded_page(const visit& visit, const std::string& publishable_key,
                   const stripe_return::secret& client_secret);

// What that page may load, in place of the policy of all others.
extern const char embedded_page_policy[];
