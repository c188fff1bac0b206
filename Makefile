# Every target is a `python -m pipeline …` line, shown as it runs, so the same can be typed where
# there is no make. Make decides nothing about what is stale: the pipeline compares contents.

DEMO   := data/demo-2024
CONFIG ?= data/demo-2024/demo.toml
CHANGE ?=
FILE   :=
SEALED :=
STRICT ?=
# of `make trend` alone
CONFIGS ?=
OUT     ?= trend.pdf
PYTHON ?= python3 python3.13 python3.12 python3.11

# of `make bench` alone; BENCH_RUNS may also come from the environment
SIZE       ?= S
BENCH_RUNS ?= 5
PEERS      ?=
THREADS    ?=
# of `make torture` alone
PARTS ?=

RUN    = .venv/bin/python -m pipeline
strict = $(if $(STRICT), --strict)
# A value as one shell word, whatever is in it: $(call quoted,CONFIG).
quoted = '$(subst ','\'',$(value $(1)))'
# Each word of a value as one shell word.
each_quoted = $(foreach one,$(value $(1)),'$(subst ','\'',$(one))')

.DEFAULT_GOAL := help
.NOTPARALLEL:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules

# Another program's PROJ, GDAL or Python (OSGeo4W, PostGIS, conda) breaks the ones in .venv.
unexport PROJ_LIB PROJ_DATA GDAL_DATA GDAL_DRIVER_PATH PYTHONHOME PYTHONPATH VIRTUAL_ENV
# Text is UTF-8 whatever the locale; modules lying beside the data are never imported.
export PYTHONUTF8 := 1
export PYTHONSAFEPATH := 1

# A misspelt variable would be ignored in silence and the wrong county judged.
VARIABLES := CONFIG CHANGE FILE SEALED CONFIGS OUT STRICT PYTHON SIZE BENCH_RUNS PEERS THREADS PARTS
GIVEN     := $(foreach name,$(.VARIABLES),$(if $(filter command,$(firstword $(origin $(name)))),$(name)))
UNKNOWN   := $(firstword $(filter-out $(VARIABLES) MAKEFLAGS MAKEOVERRIDES -%,$(GIVEN)))
ifneq ($(UNKNOWN),)
NEAREST   := $(shell python3 -c 'import difflib, sys; \
               found = difflib.get_close_matches(sys.argv[1].upper(), sys.argv[2:], 1, 0.5); \
               print(*found)' $(call quoted,UNKNOWN) $(VARIABLES) 2>/dev/null)
$(error 【参数错误】没有名为 $(UNKNOWN) 的变量 (unknown variable)。\
        $(if $(NEAREST),是不是 $(NEAREST)? (did you mean $(NEAREST)?),可用的变量 (known): $(VARIABLES)))
endif

.PHONY: help demo check ingest overlay judge rectify aggregate rank report all explain verify seal share trend notebook \
        review rulings setup test lint notebooks check-web check-qgis torture lock bench wheelhouse clean

##@ 先看一遍
demo: setup  ## 示例县从头到尾跑一遍,打印排名(自动建立环境)
	$(RUN) demo $(DEMO)
	$(RUN) run $(DEMO)/demo.toml

##@ 年度检查,按顺序(CONFIG=configs/….toml 选县和年度;STRICT=1 有隔离记录即失败)
check:       ## 体检:只读输入,列出全部问题,不作认定
ingest:      ## 入库:统一字段、编码、坐标系,修复或隔离问题记录
overlay:     ## 套合:图斑 × 乡镇 × 地类 × 永农 × 规划 × 批文,切成碎片
judge:       ## 认定:逐块给出结论、规则和依据,人工认定优先
rectify:     ## 整改:拆除复耕、补办落到图斑
aggregate:   ## 汇总:乡镇、管辖所、全县的面积与占耕比
rank:        ## 排名:与问责线比较,算出还需复耕多少
report:      ## 出成果:台账、工作簿、排名图
all:         ## 全部步骤;每个目标都只重做过期的步骤

# Without CONFIG the demo county is meant; it is written where it is not there yet.
$(DEMO)/demo.toml: | setup
	$(RUN) demo $(DEMO)
check ingest overlay judge rectify aggregate rank report all explain verify seal share review rulings: \
  | setup $(filter $(DEMO)/demo.toml,$(CONFIG))

check:
	$(RUN) check $(call quoted,CONFIG)$(strict)
ingest overlay judge rectify aggregate rank report:
	$(RUN) run $(call quoted,CONFIG) --until $@$(strict)
all:
	$(RUN) run $(call quoted,CONFIG)$(strict)

##@ 查询
explain:     ## 一个图斑的来龙去脉:make explain CHANGE=图斑编号
	@[ -n $(call quoted,CHANGE) ] || { \
	  echo '【参数错误】没有写图斑编号。办法:make explain CHANGE=图斑编号 CONFIG=…' >&2; exit 2; }
	$(RUN) explain $(call quoted,CONFIG) $(call quoted,CHANGE)
verify:      ## 核对:重新计算输入与成果的哈希,与清单比较;SEALED=1 核对第 1 次封存
	$(RUN) verify $(call quoted,CONFIG)$(if $(value SEALED), --sealed $(call quoted,SEALED))
seal:        ## 封存:把这次成果另存为不再改动的一份(工作区 sealed/),附签认页;以后的运行与它比较
	$(RUN) seal $(call quoted,CONFIG)

share:       ## 脱密副本:坐标平移旋转、编号名称替换,可外发查问题;CHANGE=图斑编号 只取它和周围,OUT=文件夹
	$(RUN) share $(call quoted,CONFIG)$(if $(filter-out file,$(origin OUT)), $(call quoted,OUT))$(if $(CHANGE), --change=$(call quoted,CHANGE))

trend: setup  ## 趋势图:一个县历次检查的乡镇占耕比,make trend CONFIGS="甲.toml 乙.toml" OUT=trend.pdf(或 .png .svg)
	@[ -n $(call quoted,CONFIGS) ] || { \
	  echo '【参数错误】没有写配置。办法:make trend CONFIGS="configs/2023.toml configs/2024.toml"' >&2; exit 2; }
	$(RUN) trend $(call each_quoted,CONFIGS) --out $(call quoted,OUT)

notebook: setup  ## 打开笔记本(只在本机,不连网):看图层、问原因、找线边上的、比两次检查
	.venv/bin/python -m jupyterlab notebooks --LabApp.extension_manager=readonly \
	  --LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate --LabApp.news_url=None

##@ 人工认定
review:      ## 写出复核表(XLSX)和复核图层(GeoPackage),在工作区 review/
	$(RUN) review $(call quoted,CONFIG)
rulings:     ## 读回填好的复核表,追加到认定台账;FILE=某个 .xlsx 或 .gpkg,不写就读 review/ 里的全部
	$(RUN) rulings $(call quoted,CONFIG)$(if $(value FILE), $(call quoted,FILE))

##@ 开发
setup:       ## 建立运行环境 .venv(其他目标会自动先做)
test: setup  ## 全部测试
	.venv/bin/python -m pytest
check-web: setup  ## 网页在浏览器里逐项点过(需要 chromium;不在 make test 里)
	.venv/bin/python -m pytest checks/web -s
check-qgis: setup $(DEMO)/demo.toml  ## 在真实的 QGIS 里打开、渲染、编辑再读回(需要 python3-qgis;不在 make test 里)
	env -u PYTHONSAFEPATH /usr/bin/python3 checks/qgis/check.py $(DEMO)/demo.toml
torture: setup  ## 重压检查:反复杀进程、写满磁盘、海量随机图形等,两核上要几个小时(kills 与 failing-writes 就近一小时);只做几项:PARTS="kills interrupt"
	env -u PYTHONSAFEPATH .venv/bin/python -m checks.torture $(call each_quoted,PARTS)
lint: setup  ## 风格、类型、分层
	.venv/bin/python -m ruff check
	.venv/bin/python -m ruff format --check
	.venv/bin/python -m mypy
	.venv/bin/python -c 'from importlinter.cli import lint_imports_command as lint; lint()'
notebooks: setup  ## 由 notebooks/*.py 生成 .ipynb(改的是 .py)
	.venv/bin/python notebooks
lock:        ## 按 pyproject.toml 重新锁定依赖(需要 uv)
	uv pip compile --universal --generate-hashes --no-emit-index-url --no-header --all-extras \
	  --quiet --output-file requirements.lock pyproject.toml
bench:       ## 与其他引擎对比速度和面积:SIZE=S、M10、M、L,PEERS=…,THREADS=…,BENCH_RUNS=5,geopandas=1
wheelhouse: setup  ## 在能上网的机器上备齐离线安装包(Linux 与 Windows,Python 3.11 至 3.13)
	.venv/bin/python install/wheelhouse.py
clean:       ## 删除环境和缓存,不动 data/
	rm -rf .venv .venv-bench build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
help:        ## 显示本页
	@awk -F ':.*## ' '/^##@ /{print "\n" substr($$0, 5)} \
	  /^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

# ---- The environment ----
# Complete only when the file named after what is installed, and where, is there.
READY := .venv/.ready-$(shell { cat requirements.lock pyproject.toml; pwd; } | sha256sum | cut -c 1-16)
setup: $(READY)
# What `make wheelhouse` fetched elsewhere is all that is needed: nothing is asked of a network.
OFFLINE := $(if $(wildcard wheelhouse/*.whl),--no-index --find-links wheelhouse)

# uv trusts the certificates of the machine, as pip does (offices behind a proxy of their own).
export UV_SYSTEM_CERTS := true

$(READY):
	@usable() { "$$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; }; \
	for python in $(PYTHON) ''; do if usable "$$python"; then break; fi; done; \
	if [ -z "$$python" ]; then \
	  echo '【环境】需要 Python 3.11、3.12 或 3.13,没有找到 (Python 3.11 to 3.13 is needed, none was found)。'; \
	  echo "  找过:$(PYTHON);python3 是 $$(python3 --version 2>&1)"; \
	  echo '  办法:安装其中一个,或写明它在哪里:make setup PYTHON=/opt/python3.12/bin/python3'; \
	  exit 1; \
	fi >&2; \
	install() { \
	  "$$@" $(OFFLINE) --require-hashes -r requirements.lock && \
	  "$$@" $(OFFLINE) --no-deps --no-build-isolation --editable .; \
	}; \
	with_uv() { \
	  { usable .venv/bin/python || uv venv --quiet --clear --python "$$python" .venv; } && \
	  install uv pip install --quiet --python .venv/bin/python; \
	}; \
	with_pip() { \
	  if ! "$$python" -c 'import ensurepip, venv' 2>/dev/null; then \
	    echo "【环境】$$python 缺少 venv 模块 (the venv module is missing)。"; \
	    echo '  办法:sudo apt install python3-venv,然后重新运行。'; \
	    return 1; \
	  fi >&2; \
	  { usable .venv/bin/python && .venv/bin/python -c 'import pip' 2>/dev/null || \
	    "$$python" -m venv --clear .venv; } && \
	  install .venv/bin/python -m pip install --quiet --no-input --disable-pip-version-check; \
	}; \
	echo '正在建立运行环境 .venv($(if $(OFFLINE),用 wheelhouse/ 里的离线安装包,首次要下载约 400 MB),请稍候)……'; \
	rm -f .venv/.ready-*; \
	{ command -v uv >/dev/null && with_uv; } || with_pip || exit 1; \
	echo '正在编译面积内核(约半分钟,每个环境只此一次)……'; \
	.venv/bin/python -c 'from pipeline.geometry.sweep.warm import warm; warm()' || exit 1; \
	.venv/bin/python --version > $@

# ---- The benchmark, in an environment of its own: peers need other versions ----
BENCH_READY := .venv-bench/.ready-$(shell { cat bench/requirements.txt pyproject.toml 2>/dev/null; pwd; } | sha256sum | cut -c 1-16)

bench: $(BENCH_READY)
	PYTHONPATH=. .venv-bench/bin/python -m bench $(call quoted,SIZE) --runs $(call quoted,BENCH_RUNS) \
	  $(if $(PEERS),--peers $(call quoted,PEERS)) $(if $(THREADS),--threads $(call quoted,THREADS))

$(BENCH_READY): | setup
	@echo '正在建立性能对比环境 .venv-bench……'; \
	rm -f .venv-bench/.ready-*; \
	install() { "$$@" -r bench/requirements.txt && "$$@" --no-deps --no-build-isolation --editable .; }; \
	if command -v uv >/dev/null; then \
	  uv venv --quiet --clear --python .venv/bin/python .venv-bench && \
	  install uv pip install --quiet --python .venv-bench/bin/python; \
	else \
	  .venv/bin/python -m venv --clear .venv-bench && \
	  install .venv-bench/bin/python -m pip install --quiet --no-input --disable-pip-version-check; \
	fi && touch $@
