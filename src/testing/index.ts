export {
  accessMatrix,
  accessReport,
  type AccessCell,
  type AccessMatrixOptions,
  type AccessReport,
  type UnprovenCell,
} from './access-matrix.ts'
export { scenario, type ScenarioOptions, type ScenarioRow } from './scenario.ts'
export { type Asking, type TestAnswer, type TestCaller } from './test-caller.ts'
export { openTestSite, type TestSite, type TestSiteOptions } from './test-site.ts'
