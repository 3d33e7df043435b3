// Runs cases of `leastwise policy simulate` through the peer, as its README documents its use, and prints one line
// for each: {"name", "decision", "error", "ignored"}. The last line says what it cost.
//
//     node driver.mjs CASES.jsonl

import { readFileSync } from 'node:fs'
import { anonymousPrincipal, runSimulation } from '@cloud-copilot/iam-simulate'

const DECISIONS = {
  Allowed: 'allowed',
  ImplicitlyDenied: 'implicit_deny',
  ExplicitlyDenied: 'explicit_deny',
}

const named = (policies, kind) => (policies ?? []).map((policy, i) => ({ name: `${kind}-${i}`, policy }))

const levels = (lists, kind) =>
  (lists ?? []).map((list, i) => ({ orgIdentifier: `${kind}-${i}`, policies: named(list, kind) }))

function principal(text) {
  if (text === 'anonymous') return anonymousPrincipal
  return text.startsWith('service:') ? text.slice('service:'.length) : text
}

// RCPFullAWSAccess is always there for the peer, and it takes nothing but denials beside it.
const denials = (lists) =>
  lists?.map((list) => list.filter(({ Statement }) => Statement.every(({ Effect }) => Effect === 'Deny')))

// Lists that mean "no such policy" are left out, for the peer refuses some of them for some principals.
function simulation({ request, policies }) {
  const account = (arn) => arn.split(':')[4]
  const owner = request.resource_account || account(request.resource) || account(request.principal)
  return {
    request: {
      principal: principal(request.principal),
      action: request.action,
      resource: { resource: request.resource, accountId: owner },
      contextVariables: request.context,
    },
    identityPolicies: named(policies.identity, 'identity'),
    resourcePolicy: policies.resource ?? undefined,
    serviceControlPolicies: levels(policies.scp, 'scp'),
    resourceControlPolicies: levels(denials(policies.rcp), 'rcp'),
    ...(policies.boundary && { permissionBoundaryPolicies: named(policies.boundary, 'boundary') }),
    ...(policies.session && { sessionPolicy: policies.session[0] }),
    ...(policies.endpoint && { vpcEndpointPolicies: named(policies.endpoint, 'endpoint') }),
    ...(request.s3_public_access_block && {
      additionalSettings: { s3: { blockPublicAccess: request.s3_public_access_block.RestrictPublicBuckets } },
    }),
  }
}

async function decide(input) {
  const response = await runSimulation(input, {})
  if (response.resultType === 'error') return { error: JSON.stringify(response.errors) }
  const results = response.resultType === 'single' ? [response.result] : response.results
  const ignored = [...new Set(results.flatMap((result) => result?.ignoredContextKeys ?? []))]
  return { decision: DECISIONS[response.overallResult], ignored }
}

const cases = readFileSync(process.argv[2], 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line))
const inputs = cases.map(simulation)
const results = []
// What the engine loads on its first use is no cost of a decision.
for (const input of inputs.slice(0, 50)) await decide(input).catch(() => undefined)
const before = process.cpuUsage()
for (const input of inputs) results.push(await decide(input).catch((error) => ({ error: String(error) })))
const { user, system } = process.cpuUsage(before)
results.forEach((result, i) => console.log(JSON.stringify({ name: cases[i].name, ...result })))
console.log(JSON.stringify({ cpu_microseconds: user + system, cases: cases.length }))
