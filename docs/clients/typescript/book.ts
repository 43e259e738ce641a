// Books an appointment, reads it back and calls it off, with types made of the server's document:
//
//     npx openapi-typescript http://127.0.0.1:8000/openapi.json -o clinic.d.ts
//     CLINIC_URL=http://127.0.0.1:8000 CLINIC_EMAIL=… CLINIC_PASSWORD=… node out/book.js
import { randomUUID } from "node:crypto";
import createClient from "openapi-fetch";
import type { components, paths } from "./clinic.js";

type Problem = components["schemas"]["Problem"];

function setting(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}

// The data of an answer, or an exception that says what the server said.
function done<T>(answer: { data?: T; error?: Problem }): T {
  if (answer.data === undefined) throw new Error(answer.error?.detail ?? "no answer");
  return answer.data;
}

const clinic = createClient<paths>({ baseUrl: setting("CLINIC_URL") });

const signedIn = done(
  await clinic.POST("/v1/api/user/login/", {
    body: { email: setting("CLINIC_EMAIL"), password: setting("CLINIC_PASSWORD") },
  }),
);
if (!("access" in signedIn)) throw new Error("this account signs in with a code from its mail");
const { access } = signedIn;
clinic.use({
  onRequest({ request }) {
    request.headers.set("Authorization", `Bearer ${access}`);
  },
});

// The first doctor who has a free time with a clock.
const doctors = done(await clinic.GET("/v1/api/doctor/list/"));
let found: { doctor: components["schemas"]["Doctor"]; time: components["schemas"]["OpenTime"] } | undefined;
for (const doctor of doctors.results) {
  const times = done(
    await clinic.GET("/v1/api/doctor/available-times-patient/", {
      params: { query: { doctor_id: doctor.id, limits: 10 } },
    }),
  );
  const time = times.results.find((time) => time.starts_at !== null);
  if (time) {
    found = { doctor, time };
    break;
  }
}
if (!found?.time.starts_at) throw new Error("nobody has a free time");

// ANCHOR: booking
// The key makes it safe to send the same booking again when the answer was lost.
const booked = done(
  await clinic.POST("/v1/api/appointment/patient/", {
    params: { header: { "Idempotency-Key": randomUUID() } },
    body: {
      doctor: found.doctor.id,
      meeting_time: found.time.id,
      meeting_date: found.time.date,
      starts_at: found.time.starts_at,
      appointment_type: "offline",
      symptoms: "A cough that stays.",
    },
  }),
);
// ANCHOR_END: booking

const path = { id: booked.id };
const read = done(await clinic.GET("/v1/api/appointment/patient/{id}/", { params: { path } }));
if (read.starts_at !== booked.starts_at) throw new Error("another time than was booked");
console.log(`booked ${read.id}: ${read.doctor.full_name}, ${read.starts_at}, ${read.status}`);

const cancelled = done(
  await clinic.POST("/v1/api/appointment/patient/{id}/cancel/", {
    params: { path, header: { "If-Match": `"v${read.version}"` } },
    body: {},
  }),
);
console.log(`called off ${cancelled.id}: ${cancelled.status}`);
