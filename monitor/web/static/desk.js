"use strict";
// What the desk does beyond links and forms: keys. Everything works without it.
